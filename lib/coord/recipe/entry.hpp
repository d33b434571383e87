// Entering a line of contenders and leaving it: the transactions that Lock and RwLock share.
//
// join_line      if our key is absent, put it with our lease; either way read the oldest of those
//                that count, and our key.
// join_if_first  if none that counts is there and our key is absent, put it; the same reads.
// leave_line     if our key has our create revision, delete it.
// All may be repeated after a lost reply: a key that is there already is known to be our own by its
// lease. For who counts and how one waits see wait.hpp.
#pragma once

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/recipe/held.hpp"
#include "coord/recipe/wait.hpp"

namespace coord::recipe {

struct Entry {
  std::int64_t create_revision = 0;  // of our key; 0: it was not made
  std::int64_t revision = 0;         // of the reply
  bool first = false;  // our key stands, and none that counts is older: it is our turn
  bool clash = false;  // the key belongs to another lease
};

// Blocks through outages of etcd. Code::lost: the lease has ended. PLACE's create revision is not
// looked at.
Result<Entry> join_line(etcd::Client& client, const Context& ctx, const Place& place,
                        const etcd::PutRequest& put);

// One round trip. An entry that is not first but was made, which takes a reply that was lost and
// an operator, is for the caller to undo.
Result<Entry> join_if_first(etcd::Client& client, const Context& ctx, const Place& place,
                            const etcd::PutRequest& put);

// No error when the key is gone or no longer ours.
Result<> leave_line(etcd::Client& client, const Context& ctx, const Held& held);

// For a wait that ended with ERROR. After a loss the key may still stand, put again by a stranger:
// it goes, or it would be in our way when we begin again with a new lease. Blocks for a second at
// most.
std::unexpected<Error> given_up(etcd::Client& client, const Context& ctx, const Held& held,
                                Error error);

// A put that names our lease, and is told that there is no such lease: we have lost it.
template <typename Reply>
Result<Reply> as_loss(Result<Reply> reply) {
  if (!reply && reply.error().code == Code::not_found) reply.error().code = Code::lost;
  return reply;
}

}  // namespace coord::recipe
