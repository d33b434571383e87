// on_event(): runs a command for what happens somewhere.
//
// CMD runs in a process group of its own, one at a time; what becomes of an event that comes while
// it is busy is BusyPolicy's. That CMD fails is told on stderr and ends nothing, unless that is
// asked for; that it cannot be started does. INT, TERM, HUP and QUIT end it all: TERM to CMD's
// group, KILL after the grace or at the second signal, and then coord ends by the signal that it
// got. Who is stopped counts as gone when nobody of its group is left. TSTP and CONT stop CMD too
// and let it go on; USR1, USR2 and WINCH are passed on. When coord dies CMD dies with it.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/run/busy_policy.hpp"
#include "cmd/run/event_source.hpp"

namespace coord::run {

struct EventOptions {
  BusyOptions busy;
  bool failure_ends = false;  // with CMD's exit status
};

// WHAT is for messages. From the main thread, before there is any other thread or a client: NEXT
// opens it. The exit status: 0 when there are no more events and CMD has ended; or the error that
// NEXT or an event's DONE ended with; Code::no_command, cannot_execute, os. When NEXT ends with an
// error CMD is stopped; with OnBusy::queue it runs first for all that came before.
Result<int> on_event(cli::Env& env, const std::string& what, NextEvent next,
                     EventOptions options = {});

}  // namespace coord::run
