#include "coord/recipe/share.hpp"

#include <algorithm>

#include "coord/recipe/holder_info.hpp"

namespace coord::recipe {

Share share_of(std::string_view value) {
  const auto info = HolderInfo::from_json(value);
  if (!info || info->slots < 1 || info->slots > kMostSlots) return {};
  return {info->slots, std::clamp<std::int64_t>(info->weight, 1, info->slots)};
}

// The shortest run of the youngest that is too heavy by itself. While all of it stands we do not
// fit; and what is left once we do fit is lighter than it, so one of it must have gone. Who does
// not agree with us weighs more than there is room for.
std::size_t in_the_way(std::span<const Share> older, const Share& ours) {
  const std::int64_t room = ours.slots - ours.weight;
  std::int64_t taken = 0;
  for (std::size_t n = 1; n <= older.size(); ++n) {
    const Share& one = older[older.size() - n];
    taken += one.slots == ours.slots ? one.weight : room + 1;
    if (taken > room) return n;
  }
  return 0;
}

}  // namespace coord::recipe
