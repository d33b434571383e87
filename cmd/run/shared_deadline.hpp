// SharedDeadline: where the holder writes how long CMD may run, and the guardian reads it. A page
// of memory that both have, not a message: a guardian that was stopped for an hour finds the newest
// one, and no queue of old ones.
//
// Made before the fork, used by one process on each side. The two times are not written at once;
// both only move on, so a mixture is never later than the newer pair.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "coord/base/clock.hpp"
#include "coord/base/result.hpp"

namespace coord::run {

class SharedDeadline {
 public:
  struct Times {
    BootTime term_at;
    BootTime kill_at;
  };

  static Result<SharedDeadline> create();  // Code::os

  void set(Times times);
  std::optional<Times> get() const;  // nothing before the first set()

 private:
  struct Page {
    std::atomic<std::int64_t> term_at;
    std::atomic<std::int64_t> kill_at;
  };

  explicit SharedDeadline(Page* page) : page_(page) {}

  Page* page_;  // lives as long as the process
};

}  // namespace coord::run
