// PriorityQueue: that of etcd's Go recipes, key for key. What differs from queue.hpp.
//
// Keys: items NAME/%05d/%016d (priority, number within it), bookkeeping __NAME/%05d, empty.
//   put      read the last number of the priority at revision R. If the bookkeeping key was not
//   changed after R and none of the item keys exists: put it and the items, numbered on; else
//   again.
//            Go puts blindly under the same guard, so whoever adds an item must put the bookkeeping
//            key too, or be overwritten.
//   order    by key: the lower priority number first, then in the order of the numbers.
//   back     to its old place, as NAME/%05d/%016d.N: behind its number and before the next one. Go
//            reads the number and ignores ".N". Here too the bookkeeping key is put.
// Claims are those of queue_claim.hpp. Specified by contrib/recipes/priority_queue.go.
#pragma once

#include "coord/etcd/kv.hpp"

namespace coord::recipe {

struct PriorityPlace {
  std::uint64_t next = 0;     // number for the next item
  std::int64_t revision = 0;  // at which that was so
};

// One round trip.
Result<PriorityPlace> last_place(etcd::Client& client, const Context& ctx, const std::string& name,
                                 std::uint16_t priority);

// Holds as long as nobody has added an item of that priority after REVISION.
etcd::Compare none_added_after(const std::string& name, std::uint16_t priority,
                               std::int64_t revision);

etcd::PutRequest bookkeeping(const std::string& name, std::uint16_t priority);

}  // namespace coord::recipe
