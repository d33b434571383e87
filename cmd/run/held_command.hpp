// HeldCommand: CMD as the holder has started it, and all that came of it. For the holder's main
// thread; nothing blocks unless it says so.
#pragma once

#include <optional>

#include "cmd/cli/env.hpp"
#include "cmd/run/acquirer.hpp"
#include "cmd/run/plan.hpp"
#include "coord/proc/child.hpp"
#include "coord/proc/signals.hpp"

namespace coord::run {

class HeldCommand {
 public:
  // Starts PLAN's with what is TAKEN in its environment, in the process group JOIN_GROUP or one of
  // its own. Returns when it runs. Errors as start_failure() has them, and of the settings.
  static Result<HeldCommand> start(const Plan& plan, cli::Env& env, const proc::Signals& signals,
                                   const Taken& taken, std::optional<pid_t> join_group);

  const proc::Child& child() const { return child_; }

  bool was_stopped() { return child_.stopped().has_value(); }  // once for every time
  std::optional<int> wait_status();     // once it has ended. Reaps orphans until then
  void reap() { (void)child_.reap(); }  // after its end: its zombie hides those of orphans

 private:
  explicit HeldCommand(proc::Child child) : child_(std::move(child)) {}

  proc::Child child_;
};

// What a command has started is whatever is below this process.
bool is_anybody_left();  // reaps those who have ended
void term_all();         // and CONT: one that is stopped would sleep on
void kill_all_once();    // who is forked meanwhile may be missed
void kill_all();         // blocks until nobody is left

}  // namespace coord::run
