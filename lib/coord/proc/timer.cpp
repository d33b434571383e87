#include "coord/proc/timer.hpp"

#include <sys/timerfd.h>

#include <algorithm>
#include <cerrno>

namespace coord::proc {
namespace {

itimerspec once_at(BootTime time) {
  // All zero would disarm it; nothing of interest lies before the first nanosecond after boot.
  const auto since_boot = std::max(time.time_since_epoch(), Duration{1});
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_boot);
  itimerspec spec{};
  spec.it_value.tv_sec = seconds.count();
  spec.it_value.tv_nsec = (since_boot - seconds).count();
  return spec;
}

}  // namespace

Result<Timer> Timer::create() {
  Fd fd(timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK));
  if (!fd) return std::unexpected(os_error("cannot make a timer", errno));
  return Timer(std::move(fd));
}

void Timer::set(BootTime time) {
  if (time >= kNever) return disarm();
  time_ = time;
  const itimerspec spec = once_at(time);
  timerfd_settime(fd_.get(), TFD_TIMER_ABSTIME, &spec, nullptr);
}

void Timer::disarm() {
  time_ = kNever;
  const itimerspec never{};
  timerfd_settime(fd_.get(), 0, &never, nullptr);  // also forgets that it has fired
}

bool Timer::fired() {
  if (BootClock::now() < time_) return false;
  disarm();
  return true;
}

}  // namespace coord::proc
