// keep_running(): runs a command that stays, and starts it again, or sends it a signal, when what
// it was started with has changed.
//
// The first event starts CMD at once. For later ones BusyPolicy decides, without `queue`; one that
// would start CMD with the same variables as it has makes no difference. When CMD ends by itself
// coord ends with its status. Who is stopped for a restart has gone when nobody of what it started
// is left. That there will be no more events is told, and CMD left to itself.
//
// On a terminal CMD is in our process group, and keys reach it by themselves; else it has a group
// of its own. Signals are passed on; after INT, TERM or QUIT it is not started again while it ends.
// A second INT within two seconds kills it. While it is stopped we are too. When coord dies CMD
// dies with it.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/run/busy_policy.hpp"
#include "cmd/run/event_source.hpp"

namespace coord::run {

// WHAT is for messages. From the main thread, before there is any other thread or a client: NEXT
// opens it. CMD's status, or dies by the signal that ended CMD and came to us too; NEXT's error
// before the first event; Code::no_command, cannot_execute, os.
Result<int> keep_running(cli::Env& env, const std::string& what, NextEvent next,
                         BusyOptions options);

}  // namespace coord::run
