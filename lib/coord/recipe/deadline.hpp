// The arithmetic of a hold: when must a command be told to stop, and when must it be gone, so that
// it ends before anybody else can hold what it relies on?
//
//   sent ──────────── term_at ───── grace ───── kill_at ── reserve ── end ─ allowance ─ sent + ttl
//
// The server ends a lease no earlier than `sent + ttl`, where `sent` is when the last answered
// renewal left us. The allowance covers two clocks that do not tick alike: 1 % of the TTL, at least
// 50 ms. The reserve is what KILL and reaping may take: 5 %, at least 250 ms. (After the lock loss
// section of the project's reference on etcd's primitives.)
#pragma once

#include "coord/base/clock.hpp"

namespace coord::recipe {

struct HoldTimes {
  BootTime term_at;  // ask the command to stop
  BootTime kill_at;  // kill what is left of it
  BootTime end;      // it must be gone
};

HoldTimes hold_times(BootTime sent, Duration ttl, Duration grace);

// The longest grace with which a lease of TTL still survives one lost renewal. May be 0 or less.
Duration longest_grace(Duration ttl);

// The shortest whole-second TTL that allows for GRACE.
std::chrono::seconds shortest_ttl(Duration grace);

}  // namespace coord::recipe
