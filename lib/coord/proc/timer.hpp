// Timer: a file descriptor that becomes readable at a BootTime. It counts the time in suspend:
// after a resume it is readable at once when its time has passed meanwhile, which the timeout of
// poll(2) is not.
//
// A forked child shares its parent's timer: make it after the fork. One thread.
#pragma once

#include "coord/base/clock.hpp"
#include "coord/base/result.hpp"
#include "coord/proc/fd.hpp"

namespace coord::proc {

class Timer {
 public:
  static Result<Timer> create();  // disarmed; Code::os when no descriptor is left

  void set(
      BootTime time);  // instead of what was set; a time in the past: at once; kNever: as disarm()
  void disarm();       // not readable until it is set again
  BootTime time() const { return time_; }  // kNever when disarmed
  int fd() const { return fd_.get(); }

  // Has the time come? It is then disarmed.
  bool fired();

 private:
  explicit Timer(Fd fd) : fd_(std::move(fd)) {}

  Fd fd_;
  BootTime time_ = kNever;
};

}  // namespace coord::proc
