#include "cmd/commands/keys/wait.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/keys/wait_words.hpp"
#include "cmd/commands/shared/conflict.hpp"
#include "cmd/run/surroundings.hpp"
#include "cmd/run/waiting.hpp"
#include "coord/proc/child.hpp"

namespace coord::commands {
namespace {

using recipe::Condition;
using recipe::ConditionWait;

constexpr const char* kExamples =
    "coord wait db/ready schema=7 && ./serve\n"
    "coord wait --timeout 5m 'workers/:count>=3' '!maintenance' -- ./start\n"
    "coord wait 'job/1>=100' --show\n"
    "coord wait -n state=done || echo not yet";

Result<std::vector<Condition>> parse_all(const std::vector<std::string>& texts) {
  std::vector<Condition> conditions;
  for (const std::string& text : texts) {
    COORD_TRY_INTO(Condition condition, Condition::parse(text));
    conditions.push_back(std::move(condition));
  }
  return conditions;
}

// Tells of each condition whose keys are not what they were when it was told last.
class Progress {
 public:
  explicit Progress(cli::Env& env) : env_(&env) {}

  Result<> show(const ConditionWait& wait, const ConditionWait::Seen& seen) {
    for (std::size_t i = 0; i < seen.found.size(); ++i) {
      const bool same = told_ && is_same(told_->found[i], seen.found[i]);
      if (!same) env_->print(progress_record(wait.conditions()[i], seen.found[i], seen.revision));
    }
    told_ = seen;
    return env_->out().flush();
  }

 private:
  static bool is_same(const etcd::RangeReply& a, const etcd::RangeReply& b) {
    const auto mod = [](const etcd::RangeReply& reply) {
      return reply.kvs.empty() ? 0 : reply.kvs.front().mod_revision;
    };
    return a.count == b.count && mod(a) == mod(b);
  }

  cli::Env* env_;
  std::optional<ConditionWait::Seen> told_;
};

// Until all of it holds: the revision. Code::busy where that was not to be waited for.
Result<std::int64_t> await(const WaitOptions& options, etcd::Client& client, ConditionWait& wait,
                           cli::Env& env) {
  Progress progress(env);
  if (options.nonblock || options.timeout == Duration{0}) {
    COORD_TRY_INTO(const auto seen, wait.look(env.context()));
    if (options.show) COORD_TRY(progress.show(wait, seen));
    if (wait.missing(seen).empty()) return seen.revision;
    return fail(Code::busy, in_words(does_not_hold(wait, seen)));
  }
  const Context forever(env.stop());
  const Context ctx = options.timeout ? forever.at_most(*options.timeout) : forever;
  AwaitedConditions awaited(wait);
  const run::WaitingLine line(env, client, awaited, [] { return std::int64_t{0}; });
  std::optional<ConditionWait::Seen> last;
  for (;;) {
    auto seen = wait.next(ctx);
    if (!seen && seen.error().code == Code::timed_out && last)
      return fail(Code::timed_out, "timed out: " + in_words(does_not_hold(wait, *last)));
    if (!seen) return std::unexpected(std::move(seen).error());
    if (options.show) COORD_TRY(progress.show(wait, *seen));
    if (wait.missing(*seen).empty()) return seen->revision;
    last = *std::move(seen);
  }
}

// Returns only when CMD cannot be run.
Result<int> become_command(std::int64_t revision, cli::Env& env) {
  COORD_TRY_INTO(proc::Environment environment, run::child_environment(env, false));
  environment.set("COORD_WAIT_REV", std::to_string(revision));
  COORD_TRY(env.out().flush());
  proc::ChildSpec spec;
  spec.argv = *env.child();
  spec.environment = environment.list();
  spec.signals = proc::inherited_signals();
  return std::unexpected(run::start_failure(proc::become(spec)));
}

}  // namespace

void define_wait(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<WaitOptions>();
  CLI::App& app = cli::add_command(
      root, {"wait", "Keys", "Waits until all conditions hold at one revision, and prints it.",
             kExamples});
  cli::duration(app, "--timeout", options->timeout, "wait no longer than this (0: do not wait)");
  cli::flag(app, "-n,--nonblock", options->nonblock, "do not wait: exit 1 when one does not hold");
  add_conflict_option(
      app, options->conflict_status,
      "exit with this when one does not hold or the time ran out, instead of 1 or 124");
  cli::flag(app, "--show", options->show, "print what is there, and each change of it");
  cli::operands(app, "COND", options->conditions,
                "KEY, !KEY, KEY=VALUE, KEY>=N, KEY~REGEX, PREFIX:count>=N …: 'coord help "
                "conditions'");
  cli::command(app);
  registry.add(app, {.run = [options](cli::Env& env) { return run_wait(*options, env); },
                     .tail = cli::kCommandBehindMark});
}

Result<int> run_wait(const WaitOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto status, conflict_status(options.conflict_status));
  COORD_TRY_INTO(auto conditions, parse_all(options.conditions));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  ConditionWait wait(*client, std::move(conditions));
  const auto revision = await(options, *client, wait, env);
  if (!revision) {
    Error error = in_context("wait", revision.error());
    if (!is_answer(error)) return std::unexpected(std::move(error));
    return tell_answer(env, error, status);
  }
  if (env.child()) return become_command(*revision, env);
  out::Record record;
  record.add("revision", "Revision", *revision).line(std::to_string(*revision));
  env.print(record);
  return cli::kDone;
}

}  // namespace coord::commands
