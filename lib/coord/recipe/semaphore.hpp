// Semaphore: N slots, of which each contender takes one or, with a weight, several. With N = 1 it
// is Lock, and so Go's Mutex, key for key.
//
// Keys: NAME/LEASE, value: HolderInfo with slots and weight. A contender holds iff the weights of
// all older ones (by create revision) and its own are together at most N.
//   acquire  one transaction: if nobody is there, put our key; either way read all contenders. If
//   somebody is there and agrees with us: a second one puts the key and reads all. Then wait.
//   wait     as wait.hpp has it, but for any of the youngest of those before us whose weights alone
//   leave us no room: with equal weights the N right before us. No other departure can change the
//   answer, so one wakes N waiters at most. What proves that we hold is one read of all contenders:
//   our key, with our create revision, never put again, and the rule.
//   try      as acquire, but puts the key only if we fit and nobody has joined since we read that,
//   which is compared. A refused try leaves no trace.
//   release  delete our key, if its create revision is still ours.
// Nobody overtakes: those who wait count like those who hold, so a light one stays behind a heavy
// one. Older contenders can only go, so whoever holds goes on holding.
//
// To agree means to have the same N as the oldest contender at the revision at which our key was
// made. Who does not fails with Code::bad_data, before its key is made or, when two first ones come
// at once, after: then the create revision decides, and the younger takes its key back. Of those
// between the oldest and us, one with another N is either about to take its key back or a lock
// (Go's or ours: one slot), which is exclusive: we wait until it is gone, whatever the room. So all
// holders have one N, at any time. What breaks it: what breaks Lock. Our own invention; Go has
// none.
#pragma once

#include "coord/etcd/session.hpp"
#include "coord/recipe/held.hpp"
#include "coord/recipe/holder_info.hpp"
#include "coord/recipe/share.hpp"

namespace coord::recipe {

// For one thread. Repeating after a lost reply is harmless, as with Lock: the key is named by our
// lease.
class Semaphore {
 public:
  // SESSION's lease is the identity; both must outlive the semaphore. OURS: 1 <= weight <= slots <=
  // kMostSlots.
  Semaphore(etcd::Client& client, const etcd::Session& session, std::string name, Share ours,
            HolderInfo info);

  // Blocks until held, through outages of etcd too. Code::bad_data: there is one with another
  // number of slots, and our key is not there, or is gone again; or our session has another share
  // of it. Else as Lock.
  Result<Held> acquire(const Context& ctx);
  // Code::busy when it would have to wait; two round trips, more only while others join.
  Result<Held> try_acquire(const Context& ctx);
  // Guarded delete. No error when the key is gone or no longer ours.
  Result<> release(const Context& ctx, const Held& held);

  const std::string& key() const { return key_; }

 private:
  struct Line;

  Result<Line> enter(const Context& ctx, std::vector<etcd::Compare> only_if, bool patient) const;
  Result<> check_agreement(const Line& line) const;
  Result<Held> settle(const Context& ctx, const Line& line, bool wait);
  Result<Held> wait_for_room(const Context& ctx, Held held, Line line);
  Result<> check_own(const Line& line, const Held& held) const;

  etcd::Client* client_;
  std::int64_t lease_;
  std::string name_;
  std::string prefix_;
  std::string key_;
  Share ours_;
  std::string value_;
};

}  // namespace coord::recipe
