// RwLock: etcd's recipe RWMutex (readers together, writers alone), key for key, with a proof of
// ownership.
//
// Keys: NAME/read/NANOS and NAME/write/NANOS, leased, value: HolderInfo (Go leaves it empty).
//   acquire  one transaction: if the key is absent, put it with our lease. NANOS is chosen once; a
//   key that is there already is ours from a lost reply if it hangs on our lease, else another is
//   chosen. A writer waits until no key under NAME/ is older, a reader until none is but readers;
//   wait.hpp has the rule and the proof. A writer that waits keeps later readers waiting: first
//   come, first served, nobody starves.
//   try      puts the key only if nobody is there who counts. A refused try leaves no trace.
//   release  delete our key, if its create revision is still ours.
// Go orders by mod revision, we by create revision: the same, since a key is put once only. One
// that is put again has no place in Go's eyes, so the proof and the guard take that for a loss.
// Lock and Go's Mutex share the prefix, and exclude writers and coord's readers. What breaks it:
// Go's readers look at keys beginning with NAME/write alone, so they do not wait for a Mutex; keys
// of other things under NAME/read/ count as readers. Specified by contrib/recipes/rwmutex.go, which
// has no proof and cannot be cancelled.
#pragma once

#include "coord/base/layout.hpp"
#include "coord/etcd/session.hpp"
#include "coord/recipe/held.hpp"
#include "coord/recipe/holder_info.hpp"
#include "coord/recipe/wait.hpp"

namespace coord::recipe {

using layout::Access;

// Errors are those of Lock. For one thread.
class RwLock {
 public:
  // SESSION's lease is what the key hangs on; both must outlive the lock.
  RwLock(etcd::Client& client, const etcd::Session& session, std::string name, Access access,
         HolderInfo info);

  // Blocks until held, through outages of etcd too. After an error the key may still stand: close
  // the session.
  Result<Held> acquire(const Context& ctx);
  // Code::busy when it would have to wait. More than one round trip only after a clash of keys.
  Result<Held> try_acquire(const Context& ctx);
  // Guarded delete. No error when the key is gone or no longer ours.
  Result<> release(const Context& ctx, const Held& held);

  // Names the next key, instead of the clock: for tests of a clash.
  void next_key_at(std::int64_t unix_nano) { unix_nano_ = unix_nano; }

 private:
  Place new_place();
  Held held_at(const Place& place, std::int64_t create_revision, std::int64_t revision) const;

  etcd::Client* client_;
  std::int64_t lease_;
  std::string name_;
  Access access_;
  std::string value_;
  std::int64_t unix_nano_ = 0;  // of the next key; 0: the clock says
};

}  // namespace coord::recipe
