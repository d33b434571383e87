// Waiting in line: what Mutex and Election of etcd's Go packages share (concurrency/key.go), by a
// safer and faster rule.
//
// Contenders are the keys under one prefix; older create revisions go first. Each waits for the one
// right before it, of those that count:
//   1. one read-only transaction: the youngest key older than ours, and our own key. None older
//      and ours there: done, and the revision of that reply proves it. Ours gone: lost.
//   2. else watch that key from now (start revision 0), and our own on the same stream. When the
//      watch stands, read once more if anything was written since step 1, and a few times in the
//      first 40 ms: the server may register the watch late.
//   3. a deletion, a broken stream, a compaction, 10 s of silence: back to 1, or read the one key
//      again.
// Nothing is believed but what step 1 read, so no lost event can make two owners, and none can make
// us wait for ever. Waiters do not wake each other up: each watches one key. Specified in etcd's
// docs for the keys; the rule is ours.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/client.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::recipe {

struct Place {
  std::string prefix;                // contenders' keys begin with it
  std::string key;                   // our own
  std::int64_t create_revision = 0;  // of our own
  // Contenders whose keys begin with this, which lies under the prefix, do not count; empty: all of
  // them count.
  std::string harmless = {};
  bool written_once = false;  // see Held
};

// All contenders that count, by their keys alone: one request, or two around those that do not.
std::vector<etcd::RangeRequest> rivals_of(const Place& place);

// Blocks until no contender is older. The revision at which that was so and our own key existed.
// While etcd cannot be reached it goes on trying. Code::lost: our own key is gone; denied;
// timed_out and cancelled: CTX ended.
Result<std::int64_t> wait_for_turn(etcd::Client& client, const Context& ctx, const Place& place);

}  // namespace coord::recipe
