#include "cmd/run/hold.hpp"

#include <unistd.h>

#include "cmd/run/guardian.hpp"
#include "cmd/run/holder.hpp"
#include "cmd/run/in_session.hpp"
#include "cmd/run/outcome.hpp"
#include "coord/proc/reaper.hpp"
#include "coord/proc/terminal.hpp"

namespace coord::run {
namespace {

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

}  // namespace

Result<int> hold(Plan plan, cli::Env& env) {
  if (plan.lease) return take_in_session(std::move(plan), env);
  COORD_TRY(env.connection());  // asks for a password, if it must, while there is one process
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  COORD_TRY(proc::become_subreaper());
  COORD_TRY_INTO(auto ends, proc::Channel::pair());
  const bool shares_terminal = plan.command && proc::Terminal::controlling().has_value();
  COORD_TRY_INTO(const SharedDeadline deadline, SharedDeadline::create());
  HolderOptions holder_options{.deadline = deadline, .join_group = {}};
  if (shares_terminal) holder_options.join_group = getpgrp();
  COORD_TRY_INTO(proc::Child holder, fork_holder(plan, env, ends, signals, holder_options));
  const GuardianOptions options{.course = {.shares_terminal = shares_terminal,
                                           .wait_tree = plan.wait_tree,
                                           .grace = plan.grace},
                                .deadline = deadline,
                                .input = watched_input(plan, env)};
  COORD_TRY_INTO(GuardianEnd end,
                 guard(std::move(holder), std::move(ends.first), signals, options));
  const Outcome outcome = outcome_of(end, plan);
  return conclude(outcome, plan, env);
}

}  // namespace coord::run
