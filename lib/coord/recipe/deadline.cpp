#include "coord/recipe/deadline.hpp"

#include <algorithm>

namespace coord::recipe {
namespace {

using namespace std::chrono_literals;

Duration allowance(Duration ttl) { return std::max<Duration>(ttl / 100, 50ms); }
Duration reserve(Duration ttl) { return std::max<Duration>(ttl / 20, 250ms); }

}  // namespace

HoldTimes hold_times(BootTime sent, Duration ttl, Duration grace) {
  const BootTime end = after(sent, ttl) - allowance(ttl);
  const BootTime kill_at = end - reserve(ttl);
  return {kill_at - grace, kill_at, end};
}

// Renewals go out every quarter of the TTL; two of them must fit in before TERM.
Duration longest_grace(Duration ttl) { return ttl / 2 - allowance(ttl) - reserve(ttl); }

std::chrono::seconds shortest_ttl(Duration grace) {
  // 44 % of a long TTL is left for the grace; a short one has less, because of the lower bounds.
  auto ttl = std::chrono::floor<std::chrono::seconds>(grace / 44 * 100);
  while (longest_grace(ttl) < grace) ttl += 1s;
  return ttl;
}

}  // namespace coord::recipe
