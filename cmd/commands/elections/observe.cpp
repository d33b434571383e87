#include "cmd/commands/elections/observe.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/elections/election_words.hpp"
#include "cmd/commands/elections/leader.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/event_input.hpp"
#include "cmd/commands/shared/reader.hpp"
#include "cmd/commands/shared/records.hpp"
#include "cmd/run/on_event.hpp"
#include "coord/base/bytes.hpp"
#include "coord/recipe/observe.hpp"

namespace coord::commands {
namespace {

using recipe::Observation;

constexpr const char* kExamples =
    "coord observe web\n"
    "coord observe web --json | jq -r --unbuffered .leader.value\n"
    "coord observe web -- sh -c 'echo \"server $COORD_LEADER;\" > upstream && nginx -s reload'";

// Two lines, key and value, as etcdctl has them; both empty while nobody leads, which no key is.
out::Record record_of(const std::string& name, const Observation& seen) {
  out::Record record;
  record.add("name", "Name", out::Readable{name});
  out::Value leader;
  if (seen.leader) leader = leader_fields(*seen.leader);
  record.add("leader", "", std::move(leader), out::Zero::keep);
  record.add("revision", "Revision", seen.header.revision);
  record.bytes(seen.leader ? seen.leader->key : "");
  return record.bytes(seen.leader ? seen.leader->value : "");
}

// The leaders of an election, one after the other. Outages are told, and not returned.
class Leaders {
 public:
  Leaders(std::string name, cli::Env& env) : name_(std::move(name)), env_(&env) {}

  Result<Observation> next(const Context& ctx) {
    if (!observer_) COORD_TRY(begin());
    for (;;) {
      auto seen = observer_->next(begun_ ? ctx : ctx.at_most(env_->globals().command_timeout));
      if (!seen) return std::unexpected(about("observe", in_quotes(name_), seen.error()));
      begun_ = true;
      if (seen->kind == Observation::Kind::leader) return seen;
      const bool away = seen->kind == Observation::Kind::interrupted;
      env_->note(fmt::format("coord: observe {}: {}", in_quotes(name_),
                             away ? seen->error.message : "goes on"));
    }
  }

 private:
  Result<> begin() {
    COORD_TRY_INTO(etcd::Client * client, env_->client());
    observer_.emplace(*client, name_);
    return {};
  }

  std::string name_;
  cli::Env* env_;
  std::optional<recipe::Observer> observer_;
  bool begun_ = false;
};

Result<int> print_all(const ObserveOptions& options, cli::Env& env) {
  Leaders leaders(options.name, env);
  const Reader reader(env.streams().out);
  for (;;) {
    auto seen = leaders.next(Context(reader.gone()));
    if (!seen && reader.gone().stop_requested()) return cli::kSignalBase + SIGPIPE;
    if (!seen) return std::unexpected(seen.error());
    if (!options.as_etcdctl) {
      env.print(record_of(options.name, *seen));
    } else if (seen->leader) {
      print_one_key(env.printer(), seen->header, *std::move(seen->leader), 0);
    }
    COORD_TRY(env.out().flush());
  }
}

Result<run::Event> event_of(const std::string& name, const Observation& seen) {
  run::Event event;
  COORD_TRY_INTO(event.input, json_input(record_of(name, seen)));
  const auto& leader = seen.leader;
  event.variables = {{"COORD_NAME", name},
                     {"COORD_ELECTION_NAME", name},
                     {"COORD_LEADER", leader ? leader->value : ""},
                     {"COORD_LEADER_KEY", leader ? leader->key : ""},
                     {"COORD_LEADER_REV", leader ? std::to_string(leader->create_revision) : ""}};
  return event;
}

Result<int> run_for_all(const ObserveOptions& options, cli::Env& env) {
  const auto leaders = std::make_shared<Leaders>(options.name, env);
  return run::on_event(env, "observe " + in_quotes(options.name),
                       [leaders, name = options.name](const Context& ctx) -> Result<run::Event> {
                         COORD_TRY_INTO(const auto seen, leaders->next(ctx));
                         return event_of(name, seen);
                       });
}

// What etcdctl does at INT and TERM. Each record is out before the next one begins.
void end_well_by_signals() {
  for (const int number : {SIGINT, SIGTERM}) {
    struct sigaction action{};
    if (sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) continue;
    action.sa_handler = [](int) { _exit(cli::kDone); };
    (void)sigaction(number, &action, nullptr);
  }
}

}  // namespace

void define_observe(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<ObserveOptions>();
  CLI::App& app = cli::add_command(
      root,
      {"observe", "Elections",
       "Prints who leads and each change of it, or runs a command for the newest.", kExamples});
  cli::operand(app, "ELECTION", options->name, "name of the election");
  cli::command(app);
  registry.add(app, {.run = [options](cli::Env& env) { return run_observe(*options, env); },
                     .tail = cli::kCommandBehindMark});
}

Result<int> run_observe(const ObserveOptions& options, cli::Env& env) {
  COORD_TRY(check_election(options.name));
  if (env.child()) return run_for_all(options, env);
  if (options.as_etcdctl) end_well_by_signals();
  return print_all(options, env);
}

}  // namespace coord::commands
