// Barrier: closed while its key exists; etcd's Go recipe of that name, key for key.
//
// Key: NAME itself, without a lease. Value: HolderInfo and a random id (Go leaves it empty).
//   hold     if the key is absent, put it. There already: busy, unless its value is ours, from a
//            try whose reply was lost. With a lease the barrier opens when its holder dies.
//   wait     read the key; absent, or made anew since: pass. Else wait for a change and read again.
//   release  put the key as it is, then delete it, both only if it still has the create revision
//            that we read: Go programs up to 3.5 wait for a put AND a delete, and hang without the
//            first. Two revisions, since a transaction may not touch a key twice.
// Safe to repeat: every write is compared with the create revision. What breaks it: keys of other
// things with that very name. Specified by client/v3/experimental/recipes/barrier.go.
#pragma once

#include <optional>
#include <string>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/recipe/held.hpp"
#include "coord/recipe/holder_info.hpp"

namespace coord::recipe {

class Barrier {
 public:
  // CLIENT must outlive it. NAME is not empty.
  Barrier(etcd::Client& client, std::string name);

  // One round trip. LEASE 0: it stays until somebody releases it. Code::busy: it is held already;
  // lost: the lease has ended.
  Result<Held> hold(const Context& ctx, const HolderInfo& info, std::int64_t lease = 0);

  // Opens it, whoever holds it. Was it held? Three round trips if so.
  Result<bool> release(const Context& ctx);

  // Blocks until it is open, through outages of etcd too; was it open in between, that counts. The
  // revision at which that was seen. denied, timed_out, cancelled.
  Result<std::int64_t> wait(const Context& ctx);

  // The key, if it is held. One round trip.
  Result<std::optional<etcd::KeyValue>> status(const Context& ctx);

 private:
  etcd::Client* client_;
  std::string name_;
};

}  // namespace coord::recipe
