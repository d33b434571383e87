#include "cmd/run/hold.hpp"

#include <unistd.h>

#include <csignal>

#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/report.hpp"
#include "cmd/run/guardian.hpp"
#include "cmd/run/holder.hpp"
#include "cmd/run/outcome.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/reaper.hpp"
#include "coord/proc/terminal.hpp"

namespace coord::run {
namespace {

// A descriptor whose end ends the hold.
int watched_input(const Plan& plan, const cli::Env& env) {
  return plan.until_eof && !plan.command ? env.streams().in : -1;
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

// "Busy" and "timed out" are answers more than errors: --quiet silences them.
std::string told(const Error& error, const cli::Env& env) {
  std::string text = cli::format_error(error, env.color());
  text.pop_back();  // note() ends the line
  return text;
}

struct Ground {
  proc::Signals signals;
  SharedDeadline deadline;
};

Result<Ground> prepare(cli::Env& env) {
  COORD_TRY(env.connection());  // asks for a password, if it must, while there is one process
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  COORD_TRY(proc::become_subreaper());
  COORD_TRY_INTO(const SharedDeadline deadline, SharedDeadline::create());
  return Ground{std::move(signals), deadline};
}

Result<GuardianEnd> hold_once(Plan& plan, cli::Env& env, Ground& ground) {
  COORD_TRY_INTO(auto ends, proc::Channel::pair());
  const bool shares_terminal = plan.command && proc::Terminal::controlling().has_value();
  HolderOptions holder_options{.deadline = ground.deadline, .join_group = {}};
  if (shares_terminal) holder_options.join_group = getpgrp();
  COORD_TRY_INTO(proc::Child holder, fork_holder(plan, env, ends, ground.signals, holder_options));
  const GuardianOptions options{.course = {.shares_terminal = shares_terminal,
                                           .wait_tree = plan.wait_tree,
                                           .grace = plan.grace},
                                .deadline = ground.deadline,
                                .input = watched_input(plan, env)};
  return guard(std::move(holder), std::move(ends.first), ground.signals, options);
}

Result<int> conclude(const Outcome& outcome, cli::Env& env) {
  if (outcome.die_by) return proc::die_by_signal(*outcome.die_by);
  if (outcome.error && !outcome.status) return std::unexpected(*outcome.error);
  if (outcome.error) env.note(told(*outcome.error, env));
  return outcome.status.value_or(cli::kDone);
}

Outcome told_outcome(const GuardianEnd& end, const Plan& plan, cli::Env& env) {
  Outcome outcome = outcome_of(end, plan);
  write_status(plan, outcome);
  if (!outcome.note.empty()) env.note(outcome.note);
  return outcome;
}

bool asked_to_end(const std::set<int>& received) {
  return received.contains(SIGINT) || received.contains(SIGTERM) || received.contains(SIGHUP) ||
         received.contains(SIGQUIT);
}

}  // namespace

Result<int> hold(Plan plan, cli::Env& env) {
  COORD_TRY_INTO(Ground ground, prepare(env));
  COORD_TRY_INTO(const GuardianEnd end, hold_once(plan, env, ground));
  return conclude(told_outcome(end, plan, env), env);
}

Result<int> hold_each(const std::function<Result<Plan>()>& make,
                      const std::function<bool(Outcome&)>& again, cli::Env& env) {
  COORD_TRY_INTO(Ground ground, prepare(env));
  for (;;) {
    COORD_TRY_INTO(Plan plan, make());
    ground.deadline.set({});  // that of the last round has nothing to say about this one
    COORD_TRY_INTO(const GuardianEnd end, hold_once(plan, env, ground));
    Outcome outcome = told_outcome(end, plan, env);
    proc::reap_orphans(0);  // the holder, and what CMD has left
    const bool more = again(outcome) && !outcome.die_by && !asked_to_end(end.received);
    if (!more) return conclude(outcome, env);
    if (outcome.error) env.note(told(*outcome.error, env));
  }
}

}  // namespace coord::run
