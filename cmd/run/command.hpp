// Command: CMD of the command line, as it is run again and again while coord looks on. Where it is
// run once, while something is held, the holder does it.
//
// A passive object over a Child. We must be a subreaper: what CMD has left is found below us.
#pragma once

#include <optional>

#include "cmd/cli/env.hpp"
#include "cmd/run/plan.hpp"
#include "coord/proc/child.hpp"

namespace coord::run {

class Command {
 public:
  // In a process group of its own. VARIABLES are set over our environment and the connection; INPUT
  // is its stdin, -1: ours. Code::no_command, cannot_execute, os.
  static Result<Command> start(cli::Env& env, const proc::Signals& signals,
                               const Variables& variables, int input);

  pid_t pid() const { return child_.pid(); }
  std::optional<int> exited() { return child_.exited(); }
  int reap() { return child_.reap(); }

  void signal(int number) const { child_.signal_group(number); }
  void stop() const;  // TERM, also to who is stopped

  // Is anybody of its group alive, besides itself? Before reap().
  bool has_left_others() const;

 private:
  explicit Command(proc::Child child) : child_(std::move(child)) {}

  proc::Child child_;
};

}  // namespace coord::run
