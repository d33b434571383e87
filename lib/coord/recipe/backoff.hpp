// Backoff: how long to wait before the next attempt of something that others got in the way of.
//
// Each pause is drawn at random below a limit that doubles, so that those who met once do not meet
// again. One thread.
#pragma once

#include <random>

#include "coord/base/clock.hpp"

namespace coord::recipe {

class Backoff {
 public:
  static constexpr Duration kFirst = std::chrono::milliseconds{4};
  static constexpr Duration kMost = std::chrono::milliseconds{500};

  Duration next();

 private:
  std::minstd_rand random_{std::random_device{}()};
  Duration limit_ = kFirst;
};

}  // namespace coord::recipe
