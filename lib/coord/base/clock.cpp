#include "coord/base/clock.hpp"

#include <ctime>

namespace coord {

BootTime BootClock::now() noexcept {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return BootTime{std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec}};
}

BootTime after(BootTime start, Duration span) noexcept {
  return span >= kNever - start ? kNever : start + span;
}

}  // namespace coord
