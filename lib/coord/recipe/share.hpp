// Share: how many of a semaphore's slots a contender takes, and of how many. The arithmetic of
// semaphore.hpp, without etcd.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace coord::recipe {

inline constexpr std::int64_t kMostSlots = 1'000'000;

struct Share {
  std::int64_t slots = 1;
  std::int64_t weight = 1;  // from 1 to slots

  bool operator==(const Share&) const = default;
};

// What the value of a contender's key says. Keys that do not say it take one of one slot: those of
// a lock, of a Go program, of a stranger.
Share share_of(std::string_view value);

// How many of OLDER, all contenders that stand before ours in their order, have to be looked at,
// from the youngest back: unless one of those goes it is not our turn. 0: it is our turn, their
// weights and ours together fit, and all agree on the number of slots.
std::size_t in_the_way(std::span<const Share> older, const Share& ours);

}  // namespace coord::recipe
