#include "cmd/commands/locks/lock.hpp"

#include <algorithm>
#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/commands/shared/lock_claim.hpp"
#include "cmd/commands/shared/names.hpp"
#include "cmd/run/hold.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord lock backup -- pg_dump -f dump.sql app\n"
    "coord lock --nonblock -E 0 backup -- ./nightly.sh\n"
    "coord lock --timeout 5m orders stock -- ./settle.sh\n"
    "coord lock deploy";

Result<std::vector<std::string>> sorted(std::vector<std::string> names) {
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  COORD_TRY(check_name("a lock", names.front()));
  return names;
}

}  // namespace

void define_lock(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<LockOptions>();
  CLI::App& app = cli::add_command(
      root, {"lock", "Locks",
             "Runs a command while holding a lock, and stops it if the lock is lost.", kExamples});
  add_hold_options(app, options->hold);
  add_notify_option(app, options->hold.notify);
  cli::operands(app, "LOCK", options->names, "name of the lock; several are taken in sorted order");
  cli::command(app);
  registry.add(app, {.run = [options](cli::Env& env) { return run_lock(*options, env); },
                     .tail = cli::kCommandBehindFirst,
                     .formats = out::kMessageFormats});
}

Result<int> run_lock(const LockOptions& options, cli::Env& env) {
  COORD_TRY_INTO(run::Plan plan, plan_for(options.hold, env));
  COORD_TRY_INTO(auto names, sorted(options.names));
  const bool wait = plan.waits();
  auto claim = std::make_unique<LockClaim>(std::move(names), wait, describe_us(options.hold, env),
                                           env.globals().connection.name_space);
  if (!plan.command && env.globals().format != out::Format::simple) claim->show_keys();
  plan.claim = std::move(claim);
  return run::hold(std::move(plan), env);
}

}  // namespace coord::commands
