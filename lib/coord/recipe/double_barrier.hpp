// DoubleBarrier: so many participants begin together and end together; etcd's Go recipe of that
// name (3.5.6 and later), key for key.
//
// Keys: NAME/waiters/TIME with a lease, one a participant (value: HolderInfo and the count; Go's is
// empty); NAME/ready without a lease. A waiter is IN once the mod revision of ready is not below
// its create revision: the keys alone tell, nobody needs to have seen an event.
//   enter  wait while some of an earlier round are still in. Then one transaction, if waiters and
//          ready are still exactly what we read: put our key, and ready too if we are the last. So
//          the last one cannot die in between, and rounds never mix: a round is the COUNT keys that
//          were there at the revision of ready, and no key is made before all of those are gone.
//   leave  the oldest of our round waits until the others have gone, then deletes its key and ready
//          at one revision; everybody else deletes its own key and waits for the rest. Keys that
//          are younger than our ready belong to a later round: Go waits for those and hangs.
// A participant that dies is gone with its lease: before ready somebody else may take its place,
// after it the others need not wait for it. Ready is put for a Go program that died before it did
// so. Repeating is harmless: identity is the lease, writes are compared with revisions. What breaks
// it: two participants on one lease; Go programs that loop on one name (their own race); above 100
// participants one that gives up in the very instant of ready may be counted.
// Specified by client/v3/experimental/recipes/double_barrier.go.
#pragma once

#include <string>

#include "coord/base/context.hpp"
#include "coord/recipe/double_barrier_state.hpp"
#include "coord/recipe/held.hpp"
#include "coord/recipe/holder_info.hpp"

namespace coord::recipe {

class Changes;

class DoubleBarrier {
 public:
  // LEASE is the identity. COUNT is at least 1.
  DoubleBarrier(etcd::Client& client, std::int64_t lease, std::string name, std::int64_t count,
                const HolderInfo& info);

  // Blocks until COUNT participants are here, through outages of etcd too. The held revision is
  // that of ready: the same for all of a round, and larger in each. Code::busy: COUNT are here
  // already without us; bad_data: another participant was told another count; lost: our key is
  // gone; denied; timed_out, cancelled: our key is deleted again, if etcd can be reached.
  Result<Held> enter(const Context& ctx);

  // The same, if we are the last one. Else Code::busy, and no key was made. One or two round trips.
  Result<Held> try_enter(const Context& ctx);

 private:
  Result<Held> enter(const Context& ctx, bool wait);
  Result<Held> meet(const Context& ctx, bool wait);
  Result<> check(const DoubleBarrierState& state) const;
  Result<DoubleBarrierState> join(const Context& ctx, const DoubleBarrierState& seen);
  Result<DoubleBarrierState> await_end_of_round(const Context& ctx, DoubleBarrierState state);
  Result<Held> await_ready(const Context& ctx, DoubleBarrierState state, std::int64_t created);
  Result<std::int64_t> follow(const Context& ctx, Changes& changes, DoubleBarrierState& state,
                              std::int64_t created, BootTime until);
  bool is_complete(const DoubleBarrierState& state, std::int64_t created) const;
  Result<DoubleBarrierState> put_ready(const Context& ctx, const DoubleBarrierState& seen);
  Result<Held> withdraw(Error error);

  etcd::Client* client_;
  std::int64_t lease_;
  std::string name_;
  std::size_t count_;
  std::string value_;
};

// Leaves the round that HELD was let in by; held.revision 0: was not let in, just goes. Blocks
// until all of the round have left. Code::lost: our key was gone before; timed_out, cancelled: the
// others go on waiting for us until our key is gone, if we are the oldest.
Result<> leave_double_barrier(etcd::Client& client, const Context& ctx, const Held& held);

// Goes without waiting, as one that has died; the others leave as if it had. No error where our key
// was gone before. Three round trips at most; unavailable, timed_out, cancelled, denied.
Result<> desert_double_barrier(etcd::Client& client, const Context& ctx, const Held& held);

}  // namespace coord::recipe
