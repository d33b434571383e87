// Poller: which of a few named file descriptors have something to say. A thin coat over poll(2).
// One thread.
//
//   enum class Source { signals, holder, deadline };
//   Poller<Source> poller;
//   poller.watch(Source::signals, signals.fd());
//   COORD_TRY(poller.wait());
//   if (poller.ready(Source::signals)) …
//
// "Ready" means readable, closed by the other end, or broken: in each case a read will not block.
// The timeout is kept to the millisecond and does not count the time in suspend while it waits;
// deadlines that must are a Timer's.
#pragma once

#include <poll.h>

#include <algorithm>
#include <span>
#include <vector>

#include "coord/base/clock.hpp"
#include "coord/base/result.hpp"

namespace coord::proc {

// poll(2) that goes on after a signal handler, with a deadline instead of a timeout; at least one
// look is taken. Whether anything is ready; false: the time is up. Code::os is a lack of memory, or
// a limit under the number of fds.
Result<bool> poll_until(std::span<pollfd> fds, BootTime until);

template <typename Name>
class Poller {
 public:
  void watch(Name name, int fd) {  // instead of what had this name; a negative fd is never ready
    forget(name);
    names_.push_back(name);
    fds_.push_back({fd, POLLIN, 0});
  }

  void forget(Name name) {
    const auto at = std::ranges::find(names_, name) - names_.begin();
    if (at == std::ssize(names_)) return;
    names_.erase(names_.begin() + at);
    fds_.erase(fds_.begin() + at);
  }

  // Blocks until one is ready or the time has come. Whether any is.
  Result<bool> wait(BootTime until = kNever) { return poll_until(fds_, until); }

  // In the last wait(). False for names that are not watched.
  bool ready(Name name) const {
    const auto at = std::ranges::find(names_, name) - names_.begin();
    return at < std::ssize(names_) && fds_[static_cast<std::size_t>(at)].revents != 0;
  }

 private:
  std::vector<Name> names_;
  std::vector<pollfd> fds_;
};

}  // namespace coord::proc
