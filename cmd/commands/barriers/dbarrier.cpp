#include "cmd/commands/barriers/dbarrier.hpp"

#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/commands/barriers/barrier.hpp"
#include "cmd/commands/barriers/dbarrier_claim.hpp"
#include "cmd/commands/barriers/dbarrier_session.hpp"
#include "cmd/run/hold.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

constexpr const char* kGroup = "Commands";
constexpr const char* kNameHelp = "name of the double barrier";

void define_entering(CLI::App& dbarrier, cli::Registry& registry, const cli::CommandText& text,
                     Result<int> (*run)(const DbarrierOptions&, cli::Env&), bool with_command) {
  const auto options = std::make_shared<DbarrierOptions>();
  CLI::App& app = cli::add_command(dbarrier, text);
  cli::text(app, "--count", options->count, "NUMBER", "how many must come; the same for all");
  add_hold_options(app, options->hold);
  if (with_command) add_notify_option(app, options->hold.notify);
  cli::operand(app, "BARRIER", options->name, kNameHelp);
  if (with_command) cli::command(app);
  registry.add(app, {.run = [options, run](cli::Env& env) { return run(*options, env); },
                     .tail = with_command ? cli::kCommandBehindMark : cli::kOperands});
}

void define_leave(CLI::App& dbarrier, cli::Registry& registry) {
  const auto options = std::make_shared<DbarrierLeaveOptions>();
  CLI::App& app = cli::add_command(
      dbarrier, {"leave", kGroup, "Inside of a session: leaves, and waits until all have left.",
                 "coord dbarrier leave build-42\ncoord dbarrier leave build-42 --timeout 1m"});
  cli::duration(app, "--timeout", options->timeout, "wait no longer than this for the others");
  cli::text(app, "--count", options->count, "NUMBER", "not needed: as for enter");
  cli::operand(app, "BARRIER", options->name, kNameHelp);
  registry.add(app,
               {.run = [options](cli::Env& env) { return run_dbarrier_leave(*options, env); }});
}

void define_status(CLI::App& dbarrier, cli::Registry& registry) {
  const auto options = std::make_shared<DbarrierStatusOptions>();
  CLI::App& app = cli::add_command(
      dbarrier, {"status", kGroup, "Says who is here, of how many, and whether they are let in.",
                 "coord dbarrier status build-42\n"
                 "coord dbarrier status build-42 --json | jq .here"});
  cli::text(app, "--count", options->count, "NUMBER",
            "how many must come, if only Go programs are here");
  cli::operand(app, "BARRIER", options->name, kNameHelp);
  registry.add(app, {.run = [options](cli::Env& env) { return run_dbarrier_status(*options, env); },
                     .formats = out::kRowFormats});
}

Result<run::Plan> plan_of(const DbarrierOptions& options, cli::Env& env) {
  COORD_TRY(check_barrier_name("dbarrier", options.name));
  COORD_TRY_INTO(const std::int64_t count, count_from(options.count));
  COORD_TRY_INTO(run::Plan plan, plan_for(options.hold, env));
  plan.claim = std::make_unique<DbarrierClaim>(env, options.name, count, plan.timeout,
                                               describe_us(options.hold, env));
  return plan;
}

}  // namespace

Result<std::int64_t> count_from(const std::string& text) {
  if (text.empty()) return fail(Code::usage, "--count is missing", "how many must come? --count 3");
  std::int64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  if (error == std::errc{} && rest == end && count >= 1 && count <= 100'000) return count;
  return fail(Code::usage,
              fmt::format("--count {} is not a number of participants", in_quotes(text)),
              "it is how many must come, from 1 on");
}

void define_dbarrier(CLI::App& root, cli::Registry& registry) {
  CLI::App& dbarrier = cli::add_command(
      root, {"dbarrier", "Barriers",
             "Lets N participants begin together and end together: a double barrier.",
             "coord dbarrier run build-42 --count 3 -- ./test-shard.sh\n"
             "coord dbarrier status build-42"});
  define_entering(
      dbarrier, registry,
      {"run", kGroup, "Waits until all are here, runs CMD, and waits until all have ended theirs.",
       "coord dbarrier run build-42 --count 3 -- ./test-shard.sh\n"
       "coord dbarrier run --timeout 10m build-42 --count 3 -- ./test-shard.sh\n"
       "coord dbarrier run meet --count 2"},
      run_dbarrier_run, true);
  define_entering(dbarrier, registry,
                  {"enter", kGroup,
                   "Waits until all are here. Outside of a session: stays until a signal, "
                   "then leaves.",
                   "coord dbarrier enter build-42 --count 3\ncoord dbarrier enter build-42 --count "
                   "3 --timeout 10m"},
                  run_dbarrier_enter, false);
  define_leave(dbarrier, registry);
  define_status(dbarrier, registry);
}

Result<int> run_dbarrier_run(const DbarrierOptions& options, cli::Env& env) {
  COORD_TRY_INTO(run::Plan plan, plan_of(options, env));
  plan.lease.reset();  // entering and leaving take one lease: its own
  if (!plan.command && !plan.until_eof) plan.command = {"true"};  // they meet, and that is all
  return run::hold(std::move(plan), env);
}

Result<int> run_dbarrier_enter(const DbarrierOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto lease, session_lease(env));
  COORD_TRY_INTO(run::Plan plan, plan_of(options, env));
  if (!lease) return run::hold(std::move(plan), env);
  return enter_in_session(plan, *lease, env);
}

}  // namespace coord::commands
