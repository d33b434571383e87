// EXIT STATUS: which statuses a command can end with follows from its options.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <functional>

#include "cmd/cli/manual.hpp"
#include "cmd/cli/tree.hpp"

namespace coord::cli {
namespace {

enum class Who { everybody, conflict, waits, holds, runs };

struct Status {
  const char* number;
  Who who;
  const char* text;
};

constexpr auto kStatuses = std::to_array<Status>({
    {"0", Who::everybody, "Done, or yes."},
    {"1", Who::conflict, "No: busy, and it was told not to wait. `-E` changes it."},
    {"64", Who::everybody, "The words on the line make no sense."},
    {"65", Who::everybody, "Input, or what is stored, cannot be used; a revision was compacted."},
    {"69", Who::everybody, "etcd cannot be reached, or has no leader."},
    {"70", Who::everybody, "A bug in coord."},
    {"71", Who::everybody, "The operating system refused."},
    {"74", Who::everybody, "The output cannot be written."},
    {"75", Who::holds, "What was held is lost, and CMD was stopped. It is worth starting again."},
    {"77", Who::everybody, "Authentication or permission refused."},
    {"78", Who::everybody, "A setting, a context or a TLS file is wrong."},
    {"124", Who::waits, "`--timeout` ran out."},
    {"126, 127", Who::runs, "CMD cannot be executed, or is not found."},
    {"128+N", Who::runs, "CMD died of signal N, or coord was ended by it."},
    {"other", Who::runs, "CMD's own."},
});

// Of a command or one below it.
bool any(const CLI::App& app, const std::function<bool(const CLI::App&)>& is) {
  if (is(app)) return true;
  return std::ranges::any_of(app.get_subcommands([](const CLI::App*) { return true; }),
                             [&](const CLI::App* sub) { return any(*sub, is); });
}

bool any_has(const CLI::App& app, const std::string& option) {
  return any(app,
             [&](const CLI::App& each) { return each.get_option_no_throw(option) != nullptr; });
}

bool can(const CLI::App& app, Who who) {
  switch (who) {
    case Who::everybody:
      return true;
    case Who::conflict:
      return any_has(app, "--conflict-exit-code");
    case Who::waits:
      return any_has(app, "--timeout");
    case Who::holds:
      return any_has(app, "--wait-tree");
    case Who::runs:
      return any(app, takes_command);
  }
  return true;
}

}  // namespace

Items exit_statuses(const CLI::App* app, const Items& own) {
  Items items;
  for (const Status& status : kStatuses) {
    const auto ours =
        std::ranges::find(own, status.number, &std::pair<std::string, std::string>::first);
    if (ours != own.end()) {
      items.push_back(*ours);
    } else if (app == nullptr && status.who == Who::conflict) {
      items.emplace_back("1",
                         "No: busy, nothing there, nobody leads, a comparison failed where "
                         "that was asked for. `-E` changes it for those who wait.");
    } else if (app == nullptr || can(*app, status.who)) {
      items.emplace_back(status.number, status.text);
    }
  }
  return items;
}

}  // namespace coord::cli
