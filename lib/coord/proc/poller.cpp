#include "coord/proc/poller.hpp"

#include <cerrno>

#include "coord/proc/fd.hpp"

namespace coord::proc {
namespace {

constexpr std::chrono::hours kLongest{1};  // fits poll's int; whoever waits longer is asked again

int timeout_until(BootTime until) {
  const Duration left = std::clamp<Duration>(until - BootClock::now(), Duration{0}, kLongest);
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
}

}  // namespace

Result<bool> poll_until(std::span<pollfd> fds, BootTime until) {
  for (;;) {
    const int ready = poll(fds.data(), fds.size(), timeout_until(until));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return std::unexpected(os_error("cannot poll", errno));
    if (ready < 0) std::ranges::for_each(fds, [](pollfd& fd) { fd.revents = 0; });
    if (BootClock::now() >= until) return false;
  }
}

}  // namespace coord::proc
