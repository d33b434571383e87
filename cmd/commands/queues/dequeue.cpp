#include "cmd/commands/queues/dequeue.hpp"

#include <CLI/CLI.hpp>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/queues/queue_claim.hpp"
#include "cmd/commands/shared/queue_words.hpp"
#include "cmd/run/hold.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord dequeue jobs -- ./work\n"
    "coord dequeue --follow --attempts 3 jobs -- sh -c 'make \"$COORD_ITEM\"'\n"
    "coord dequeue --nonblock --count 10 jobs\n"
    "coord dequeue --follow -0 thumbnails | xargs -0 -n1 convert-one";

constexpr std::int64_t kMostCount = 1'000'000'000;

Result<> check(const DequeueOptions& options, const cli::Env& env) {
  COORD_TRY(check_queue(options.name));
  if (options.count < 1 || options.count > kMostCount)
    return fail(Code::usage, "--count must be at least 1");
  if (options.attempts < 0 || options.attempts > kMostCount)
    return fail(Code::usage, "--attempts must be 0, for no limit, or more");
  if (options.null && env.child())
    return fail(Code::usage, "-0 is for items that are printed; CMD has its item on stdin");
  if (options.hold.notify && !env.child())
    return fail(Code::usage, "--notify is for a queue that CMD works on");
  return {};
}

// What the rounds of --follow and --count have in common.
class Rounds {
 public:
  Rounds(const DequeueOptions& options, cli::Env& env)
      : options_(&options), env_(&env), left_(options.follow ? kMostCount : options.count) {}

  // After the first item --count takes what there is, and --follow waits on.
  Result<run::Plan> make() {
    COORD_TRY_INTO(run::Plan plan, plan_for(options_->hold, *env_));
    if (!options_->follow && worked_) plan.timeout = Duration{0};
    plan.claim = std::make_unique<QueueItemClaim>(
        QueueClaimOptions{.queue = options_->queue(),
                          .wait = plan.waits(),
                          .most_attempts = static_cast<int>(options_->attempts),
                          .tell_empty = !options_->follow},
        describe_us(options_->hold, *env_), *env_);
    return plan;
  }

  // Ends where there is no item left to take, or where the next one would fare no better. That the
  // queue is empty in the end is no failure after the first item.
  bool again(run::Outcome& outcome) {
    const bool empty = outcome.word == "busy" || (outcome.word == "timeout" && worked_);
    if (empty && worked_) {
      outcome = {
          .word = "done", .error = {}, .status = status_, .die_by = {}, .command = {}, .note = {}};
      return false;
    }
    // CMD has done its work, only the item could not be taken away: it will come again.
    const bool unsettled = outcome.word == "error" && outcome.command == cli::kDone;
    if (outcome.word != "done" && outcome.word != "lost" && !unsettled) return false;
    worked_ = true;
    if (outcome.status.value_or(cli::kDone) != cli::kDone || outcome.error) failed(outcome);
    if (!options_->follow && --left_ == 0) {
      if (!outcome.error && !outcome.die_by) outcome.status = status_;
      return false;
    }
    if (outcome.word != "done") Context().sleep(kBreath);
    return true;
  }

 private:
  static constexpr Duration kBreath = std::chrono::milliseconds{500};  // after a trouble

  // One that failed decides the status of several, as with xargs; --follow ends by other means.
  void failed(const run::Outcome& outcome) {
    if (!options_->follow) status_ = outcome.status.value_or(cli::kLost);
  }

  const DequeueOptions* options_;
  cli::Env* env_;
  std::int64_t left_;
  bool worked_ = false;
  int status_ = cli::kDone;
};

void add_options(CLI::App& app, DequeueOptions& options) {
  cli::number(app, "--count", options.count, "up to so many items; waits for the first one only");
  cli::flag(app, "--follow", options.follow, "go on for ever; with --nonblock, until it is empty");
  cli::flag(app, "--priority", options.priority, "from a priority queue");
  cli::number(app, "--attempts", options.attempts,
              "after so many that failed an item goes to the queue QUEUE.dead (5; 0: never)");
  cli::flag(app, "-0,--null", options.null, "end printed items with NUL instead of a newline");
  add_hold_options(app, options.hold);
  add_notify_option(app, options.hold.notify);
  app.remove_option(app.get_option("--until-eof"));
}

}  // namespace

void define_dequeue(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<DequeueOptions>();
  options->hold.own_lease = true;
  CLI::App& app = cli::add_command(
      root, {"dequeue", "Queues",
             "Takes items out of a queue, and prints them or has CMD work on each.", kExamples});
  add_options(app, *options);
  cli::operand(app, "QUEUE", options->name, "name of the queue");
  cli::command(app);
  registry.add(app, {.run = [options](cli::Env& env) { return run_dequeue(*options, env); },
                     .tail = cli::kCommandBehindMark});
}

Result<int> run_dequeue(const DequeueOptions& options, cli::Env& env) {
  COORD_TRY(check(options, env));
  if (env.child()) return work_on_items(options, env);
  COORD_TRY_INTO(const run::Plan plan, plan_for(options.hold, env));
  return print_items(options, plan, env);
}

Result<int> work_on_items(const DequeueOptions& options, cli::Env& env) {
  Rounds rounds(options, env);
  if (!options.follow && options.count == 1) {
    COORD_TRY_INTO(run::Plan plan, rounds.make());
    return run::hold(std::move(plan), env);
  }
  return run::hold_each([&rounds] { return rounds.make(); },
                        [&rounds](run::Outcome& outcome) { return rounds.again(outcome); }, env);
}

}  // namespace coord::commands
