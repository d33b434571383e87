// BootClock: CLOCK_BOOTTIME as a standard clock. It never jumps with the calendar, and it goes on
// while the machine sleeps, which CLOCK_MONOTONIC does not: a lease ends in suspend too, so every
// deadline in coord is a BootTime.
#pragma once

#include <chrono>

namespace coord {

struct BootClock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<BootClock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept;
};

using Duration = BootClock::duration;
using BootTime = BootClock::time_point;

// "No deadline": later than any time that a computer sees, and still safe to convert to other
// clocks.
inline constexpr BootTime kNever{std::chrono::hours{24 * 365 * 100}};

// a + b that stops at kNever instead of overflowing.
BootTime after(BootTime start, Duration span) noexcept;

}  // namespace coord
