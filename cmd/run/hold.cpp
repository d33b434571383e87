#include "cmd/run/hold.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "cmd/cli/report.hpp"
#include "cmd/run/guardian.hpp"
#include "cmd/run/holder.hpp"
#include "cmd/run/in_session.hpp"
#include "cmd/run/outcome.hpp"
#include "coord/proc/reaper.hpp"
#include "coord/proc/terminal.hpp"

namespace coord::run {
namespace {

constexpr Duration kKillLimit = std::chrono::seconds{5};

// A descriptor whose end ends the hold.
int watched_input(const Plan& plan, const cli::Env& env) {
  if (plan.command) return -1;
  return plan.until_eof ? env.streams().in : plan.until_fd;
}

Result<proc::Child> fork_holder(Plan& plan, cli::Env& env,
                                std::pair<proc::Channel, proc::Channel>& ends,
                                proc::Signals& signals, const HolderOptions& options) {
  const pid_t pid = fork();
  if (pid < 0) return std::unexpected(proc::os_error("fork", errno));
  if (pid == 0) {
    ends.first.close();
    run_holder(plan, env, std::move(ends.second), signals, options);
  }
  ends.second.close();
  return proc::Child::of(pid);
}

// What all rounds of a hold share.
struct Ground {
  proc::Signals signals;
  SharedDeadline deadline;
  Herald herald;
};

Result<Ground> prepare(cli::Env& env, bool notify) {
  COORD_TRY_INTO(Herald herald, herald_for(notify));
  COORD_TRY(env.connection());  // asks for a password, if it must, while there is one process
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  COORD_TRY(proc::become_subreaper());
  COORD_TRY_INTO(const SharedDeadline deadline, SharedDeadline::create());
  return Ground{std::move(signals), deadline, std::move(herald)};
}

// One hold, from the fork of its holder to the end of all that it has started.
Result<GuardianEnd> hold_once(Plan& plan, cli::Env& env, Ground& ground, bool goes_on = false) {
  COORD_TRY_INTO(auto ends, proc::Channel::pair());
  const bool shares_terminal = plan.command && proc::Terminal::controlling().has_value();
  ground.deadline.set({});  // that of the last round has nothing to say about this one
  HolderOptions holder_options{.deadline = ground.deadline, .join_group = {}};
  if (shares_terminal) holder_options.join_group = getpgrp();
  COORD_TRY_INTO(proc::Child holder, fork_holder(plan, env, ends, ground.signals, holder_options));
  const GuardianOptions options{.course = {.shares_terminal = shares_terminal,
                                           .wait_tree = plan.wait_tree,
                                           .grace = plan.grace,
                                           .settle_limit = plan.claim->settle_limit()},
                                .deadline = ground.deadline,
                                .input = watched_input(plan, env),
                                .what = plan.claim->what(),
                                .begins_again = plan.requeue,
                                .goes_on = goes_on,
                                .herald = &ground.herald};
  return guard(std::move(holder), std::move(ends.first), ground.signals, options);
}

// A signal that asked CMD to end asked coord too, even if the loss came first. HUP may have meant
// "read your configuration again", except from a terminal.
bool told_to_end(const GuardianEnd& end) {
  const auto has = [&](int signal) { return end.received.contains(signal); };
  return end.result.ended_by || has(SIGINT) || has(SIGTERM) || has(SIGQUIT) ||
         (has(SIGHUP) && proc::Terminal::controlling().has_value());
}

// Lost, and nothing is left that relied on it.
bool begins_again(const Plan& plan, const GuardianEnd& end) {
  if (!plan.requeue || !end.result.lost || told_to_end(end)) return false;
  return proc::kill_all_children(after(BootClock::now(), kKillLimit));
}

Outcome told_outcome(const GuardianEnd& end, const Plan& plan, cli::Env& env) {
  Outcome outcome = outcome_of(end, plan);
  tell(outcome, plan, env);
  return outcome;
}

}  // namespace

Result<int> hold(Plan plan, cli::Env& env) {
  if (plan.lease) return take_in_session(std::move(plan), env);
  COORD_TRY_INTO(Ground ground, prepare(env, plan.notify));
  COORD_TRY_INTO(GuardianEnd end, hold_once(plan, env, ground));
  while (begins_again(plan, end)) {
    env.note(cli::spoken(*outcome_of(end, plan).error, env.color()));
    env.note("coord: " + plan.claim->what() + ": begins again, at the end of the line");
    COORD_TRY_INTO(end, hold_once(plan, env, ground));
  }
  return conclude(told_outcome(end, plan, env), env);
}

Result<int> hold_each(const std::function<Result<Plan>()>& make,
                      const std::function<bool(Outcome&)>& again, cli::Env& env) {
  std::optional<Ground> ground;
  for (;;) {
    COORD_TRY_INTO(Plan plan, make());
    if (!ground) {
      COORD_TRY_INTO(ground, prepare(env, plan.notify));
    }
    COORD_TRY_INTO(const GuardianEnd end, hold_once(plan, env, *ground, true));
    Outcome outcome = told_outcome(end, plan, env);
    proc::reap_orphans(0);  // the holder, and what CMD has left
    const bool more = again(outcome) && !outcome.die_by && !told_to_end(end);
    if (!more) {
      ground->herald.ends();
      return conclude(outcome, env);
    }
    if (outcome.error) env.note(cli::spoken(*outcome.error, env.color()));
  }
}

}  // namespace coord::run
