// The requests of registration.hpp, without its thread.
#include <utility>

#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/recipe/changes.hpp"
#include "coord/recipe/entry.hpp"
#include "coord/recipe/patience.hpp"
#include "coord/recipe/registration.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using etcd::Compare;
using etcd::CompareResult;

namespace {

constexpr int kMostTries = 10;          // against somebody who writes it all the time
constexpr Duration kLookAgain = 500ms;  // whether a lease was renewed
constexpr Duration kInexact = 1500ms;   // etcd tells its time in whole seconds

std::unexpected<Error> taken_by(std::int64_t lease) {
  return fail(Code::busy,
              lease == 0
                  ? "somebody has put it without a lease"
                  : "somebody else has registered it, with lease " + layout::lease_hex(lease),
              "--take-over replaces that entry");
}

// When a lease would be over if nobody renewed it: between the two.
struct LeaseEnd {
  std::int64_t lease = 0;
  std::uint64_t term = 0;  // a new leader gives every lease its whole time again
  BootTime earliest, latest;
};

Result<LeaseEnd> end_of(etcd::Client& client, const Context& ctx, std::int64_t lease) {
  const BootTime asked = BootClock::now();
  COORD_TRY_INTO(const auto left, etcd::Lease(client).time_to_live(ctx, lease, false));
  return LeaseEnd{lease, left.header.raft_term, after(asked, left.ttl),
                  after(BootClock::now(), left.ttl)};
}

bool is_comparable(const LeaseEnd& one, const LeaseEnd& other) {
  return one.lease == other.lease && one.term == other.term;
}

}  // namespace

Result<Entered> enter_registry(etcd::Client& client, const Context& ctx, const Registered& entry,
                               std::int64_t lease, Rival rival,
                               const std::set<std::int64_t>& own_leases) {
  std::int64_t seen = 0;
  for (int i = 0; i < kMostTries; ++i) {
    etcd::Txn txn;
    txn.when(Compare::mod(entry.key, CompareResult::equal, seen));
    txn.then(etcd::PutRequest{.key = entry.key, .value = entry.value, .lease = lease});
    txn.otherwise(etcd::RangeRequest{.key = entry.key});
    COORD_TRY_INTO(const auto reply, as_loss(patiently(ctx, [&](const Context& bounded) {
                     return etcd::Kv(client).txn(bounded, txn, etcd::Repeat::safe);
                   })));
    if (reply.succeeded) return Entered{reply.header.revision, reply.header.revision};
    const auto& there = reply.range(0).kvs;
    seen = there.empty() ? 0 : there.front().mod_revision;
    if (there.empty()) continue;
    const bool is_ours = there.front().lease == lease && there.front().value == entry.value;
    if (is_ours) return Entered{reply.header.revision, seen};
    if (rival == Rival::replace || there.front().lease == lease ||
        own_leases.contains(there.front().lease))
      continue;
    return taken_by(there.front().lease);
  }
  return fail(Code::busy, "somebody else writes it all the time");
}

Result<> await_unregistered(etcd::Client& client, const Context& ctx, const Registered& entry,
                            bool wait) {
  Changes changes(client, {{.key = entry.key, .no_put = true}});
  std::optional<LeaseEnd> first;
  for (;;) {
    COORD_TRY_INTO(const auto reply, as_late(patiently_if(wait, ctx, [&](const Context& bounded) {
                     return etcd::Kv(client).range(bounded, {.key = entry.key, .keys_only = true});
                   })));
    if (reply.kvs.empty()) return {};
    const std::int64_t lease = reply.kvs.front().lease;
    if (lease == 0 || !wait) return taken_by(lease);
    COORD_TRY_INTO(const LeaseEnd now, as_late(patiently(ctx, [&](const Context& bounded) {
                     return end_of(client, bounded, lease);
                   })));
    if (!first || !is_comparable(*first, now)) first = now;
    if (now.earliest > after(first->latest, kInexact)) return taken_by(lease);
    COORD_TRY(changes.wait(ctx, reply.header.revision, kLookAgain));
  }
}

}  // namespace coord::recipe
