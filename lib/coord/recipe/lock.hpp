// Lock: the mutex of etcd's Go package concurrency, key for key, with a proof of ownership.
//
// Keys: NAME/LEASE, value: HolderInfo (Go leaves it empty and never reads it). The contender with
// the lowest create revision owns.
//   acquire  one transaction: if our key is absent, put it with our lease; either way read the
//   oldest contender and our key.
//            Ours is the oldest: owned, proved by that very revision. Else wait in line (wait.hpp),
//            whose last read proves it.
//   try      one transaction: if there is no contender at all, put our key. A refused try leaves no
//   trace. release  delete our key, if its create revision is still ours. Or revoke the lease: all
//   its keys go at one revision.
// Repeating any of them after a lost reply is harmless: the key is named by our lease, and compared
// by create revision. What breaks it: two users of one session on one name share the lock (identity
// is the lease); a put on the key without the lease; keys of other things under NAME/ count as
// contenders, so names that nest block each other. Specified by client/v3/concurrency/mutex.go; the
// own-key proof answers Jepsen's analysis of etcd 3.4.3.
#pragma once

#include "coord/etcd/session.hpp"
#include "coord/recipe/held.hpp"
#include "coord/recipe/holder_info.hpp"

namespace coord::recipe {

class Lock {
 public:
  // SESSION's lease is the identity; both must outlive the lock.
  Lock(etcd::Client& client, const etcd::Session& session, std::string name, HolderInfo info);

  // Blocks until owned, through outages of etcd too. Code::lost: our place in line is gone (the
  // lease ended); denied; timed_out, cancelled. After an error the key may still stand: close the
  // session, or release().
  Result<Held> acquire(const Context& ctx);

  // One round trip. Code::busy when anybody else holds or waits.
  Result<Held> try_acquire(const Context& ctx);

  // Guarded delete. No error when the key is gone or no longer ours.
  Result<> release(const Context& ctx, const Held& held);

  const std::string& key() const { return key_; }

 private:
  etcd::Client* client_;
  std::int64_t lease_;
  std::string name_;
  std::string key_;
  std::string value_;
};

}  // namespace coord::recipe
