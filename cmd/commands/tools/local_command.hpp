// Running a command beside a throw-away etcd, or waiting for a signal where there is none.
#pragma once

#include <optional>

#include "cmd/cli/env.hpp"
#include "cmd/commands/tools/local_scratch.hpp"
#include "coord/proc/signals.hpp"

namespace coord::commands {

struct LocalEnd {
  int status = 0;             // what coord exits with
  std::optional<int> die_by;  // the signal that ended CMD, or the waiting, and was meant for us too
};

// Blocks until CMD has ended. Signals are passed on to it; while it is stopped we are too. That
// etcd has died is told, and CMD left to itself. Code::no_command and Code::cannot_execute.
Result<LocalEnd> run_beside(LocalScratch& scratch, proc::Signals& signals, cli::Env& env);

// Blocks until a signal that ends us. Code::unavailable when etcd ends before.
Result<LocalEnd> wait_beside(LocalScratch& scratch, proc::Signals& signals);

}  // namespace coord::commands
