#include "cmd/commands/elections/elect.hpp"

#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/commands/elections/elect_claim.hpp"
#include "cmd/commands/elections/election_words.hpp"
#include "cmd/commands/elections/observe.hpp"
#include "cmd/run/hold.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord elect web 10.0.0.1:80 -- ./serve\n"
    "coord elect --requeue scheduler $HOSTNAME -- ./schedule\n"
    "coord elect --timeout 30s web me\n"
    "coord elect --listen web";

Result<int> listen(const ElectOptions& options, cli::Env& env) {
  if (options.value) return fail(Code::usage, "no VALUE beside --listen");
  if (env.child())
    return fail(Code::usage, "no CMD beside --listen", "use 'coord observe NAME -- CMD'");
  return run_observe({.name = options.name, .as_etcdctl = true}, env);
}

}  // namespace

void define_elect(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<ElectOptions>();
  CLI::App& app = cli::add_command(
      root,
      {"elect", "Elections",
       "Runs a command while leading an election, and stops it if the lead is lost.", kExamples});
  cli::flag(app, "-l,--listen", options->listen, "follow who leads, instead of standing");
  cli::flag(app, "--requeue", options->requeue,
            "when the lead is lost, stand again once CMD is gone, instead of exiting with 75");
  add_hold_options(app, options->hold);
  add_notify_option(app, options->hold.notify);
  cli::operand(app, "ELECTION", options->name, "name of the election");
  cli::operand(app, "VALUE", options->value, "what others see of the leader: an address, a name",
               cli::Shown::plain);
  cli::command(app);
  registry.add(app, {.run = [options](cli::Env& env) { return run_elect(*options, env); },
                     .tail = cli::kCommandBehindMark,
                     .formats = out::kMessageFormats});
}

Result<int> run_elect(const ElectOptions& options, cli::Env& env) {
  COORD_TRY(check_election(options.name));
  if (options.listen) return listen(options, env);
  if (!options.value) return fail(Code::usage, "VALUE is missing: what the leader stands for");
  COORD_TRY_INTO(run::Plan plan, plan_for(options.hold, env));
  plan.requeue = options.requeue;
  plan.claim = std::make_unique<ElectClaim>(ElectClaimOptions{.name = options.name,
                                                              .proposal = *options.value,
                                                              .wait = plan.waits(),
                                                              .shows = !plan.command},
                                            describe_us(options.hold, env));
  return run::hold(std::move(plan), env);
}

}  // namespace coord::commands
