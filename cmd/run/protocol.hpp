// What guardian and holder say to each other over their channel (proc::Message::type). How long
// CMD may run is not among it: see shared_deadline.hpp.
#pragma once

namespace coord::run {

enum Word : int {
  // from the holder
  kReady = 1,  // held, and CMD may be started if the guardian says so
  kStarted,    // a: CMD's pid, fd: its pidfd
  kHolding,    // held, and there is no CMD to run
  kStopped,    // CMD was stopped, as by Ctrl-Z
  kLost,       // text: why. CMD must go now
  kEnded,      // a: CMD's wait status
  kWaiting,    // text: what for, and who is in the way. Only where a service manager listens
  kFinished,   // the last word. a: Code or -1 for none, text: message, NUL, hint

  // from the guardian
  kCancel = 100,  // leave the queue, or give back what is held without a CMD
  kReport,        // say where the waiting stands
  kGo,            // start CMD: no signal has come that it must not be started after
  kTimeUp,        // TERM was sent because the deadline came
};

}  // namespace coord::run
