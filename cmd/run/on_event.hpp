// on_event(): runs a command for what happens somewhere, once for each event that is still the
// newest when the command before it has ended.
//
// CMD runs in a process group of its own, one at a time. That it fails is told on stderr and ends
// nothing; that it cannot be started does. INT, TERM, HUP and QUIT end it all: TERM to CMD's group,
// KILL after three seconds or at the second signal, and then coord ends by the signal that it got.
// TSTP and CONT stop CMD too and let it go on; USR1, USR2 and WINCH are passed on. When coord dies
// CMD dies with it.
#pragma once

#include <functional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/run/plan.hpp"
#include "coord/proc/fd.hpp"

namespace coord::run {

struct Event {
  Variables variables;  // set over coord's own environment and the connection
  proc::Fd input;       // CMD's stdin, at its beginning; none: ours
};

// Blocks for the next event. Called by one thread that is not the main thread, again and again; its
// error ends it all.
using NextEvent = std::function<Result<Event>(const Context&)>;

// WHAT is for messages. From the main thread, before there is any other thread or a client: NEXT
// opens it. The exit status; or the error that NEXT ended with; Code::no_command, cannot_execute,
// os.
Result<int> on_event(cli::Env& env, const std::string& what, NextEvent next);

}  // namespace coord::run
