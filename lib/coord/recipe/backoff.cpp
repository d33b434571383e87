#include "coord/recipe/backoff.hpp"

#include <algorithm>

namespace coord::recipe {

Duration Backoff::next() {
  std::uniform_int_distribution<Duration::rep> below(0, limit_.count());
  limit_ = std::min(limit_ * 2, kMost);
  return Duration{below(random_)};
}

}  // namespace coord::recipe
