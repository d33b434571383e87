// Rereads: when to read again although nothing was heard. A part of the rule of waiting (wait.hpp).
//
// Soon after the watches stand, since the server may have registered one a moment after the
// revision that it named; later only in case that a member is cut off and silent. For one thread.
#pragma once

#include <array>

#include "coord/base/clock.hpp"

namespace coord::recipe {

class Rereads {
 public:
  explicit Rereads(Duration later = std::chrono::seconds{10})
      : later_(later), next_(after(BootClock::now(), later)) {}

  void watches_stand() {
    early_ = 0;
    next_ = after(BootClock::now(), kSoon[0]);
  }
  void done() {
    if (early_ < kSoon.size()) ++early_;
    next_ = after(BootClock::now(), is_early() ? kSoon[early_] : later_);
  }
  bool is_early() const { return early_ < kSoon.size(); }
  BootTime next() const { return next_; }

 private:
  static constexpr std::array<Duration, 3> kSoon{
      std::chrono::milliseconds{2}, std::chrono::milliseconds{8}, std::chrono::milliseconds{32}};
  Duration later_;
  std::size_t early_ = kSoon.size();
  BootTime next_;
};

}  // namespace coord::recipe
