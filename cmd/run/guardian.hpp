// Guardian: the process that the user started, while the holder below it waits, holds and runs CMD.
// One thread, no gRPC. It carries out what Course decides: passes signals on, sends TERM and KILL
// at the deadline, and sees the holder's death as the end of the channel.
#pragma once

#include "cmd/run/course.hpp"
#include "cmd/run/herald.hpp"
#include "coord/proc/child.hpp"
#include "coord/proc/timer.hpp"

namespace coord::run {

struct GuardianOptions {
  CourseOptions course;
  SharedDeadline deadline;
  int input = -1;             // a descriptor whose end ends the hold; -1: none
  std::string what;           // "lock 'backup'", for the service manager
  bool begins_again = false;  // after a loss
  bool goes_on = false;       // with the next one, when this has ended
  Herald* herald = nullptr;   // outlives the guardian; null: nobody is to be told
};

struct GuardianEnd {
  CourseResult result;
  std::set<int> received;  // signals
};

// Blocks until the holder has finished, or died and all that it started has been killed. Main
// thread; the process is a subreaper. Code::os.
Result<GuardianEnd> guard(proc::Child holder, proc::Channel channel, proc::Signals& signals,
                          const GuardianOptions& options);

}  // namespace coord::run
