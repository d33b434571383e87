// Rollback: brings a range of keys back to what it was at an older revision.
//
// How: the difference between that revision and now (range_diff.hpp) is cut into pages, each a
// transaction that puts or deletes its keys IF none of them has changed since it was read (mod
// revision; 0: absent). So nobody's newer write is lost: a page with such a key is refused as a
// whole, and so is all behind it. Keys that have come into the range meanwhile are left alone.
// Leases are not brought back: a key that hung on one comes back without.
//
// A transaction whose reply was lost is sent again: its own writes make its IF fail, and then all
// its keys are as wanted, which counts as done. To begin all of it anew does no harm either: what
// is as wanted is no difference. Memory holds one page. Source: etcd's API. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coord/recipe/range_diff.hpp"

namespace coord::recipe {

struct RollbackLimits {
  std::size_t operations = 128;                 // of a transaction: etcd's --max-txn-ops
  std::size_t bytes = std::size_t{1} << 20U;    // etcd takes 1.5 MiB, with what is around them
  Duration patience = std::chrono::seconds{5};  // with one request
};

struct RollbackPlan {
  std::int64_t now = 0;  // the revision that it was made at
  std::int64_t puts = 0;
  std::int64_t deletes = 0;
  std::int64_t pages = 0;
  std::int64_t leased = 0;  // of those put, so many hung on a lease

  std::int64_t keys() const { return puts + deletes; }
};

struct RollbackDone {
  std::int64_t revision = 0;  // of the last page
  std::int64_t keys = 0;
  std::int64_t pages = 0;
};

class Rollback {
 public:
  // CLIENT must outlive it. RANGE: back from its `to` (0: now) to its `from`.
  Rollback(etcd::Client& client, DiffRange range, const RollbackLimits& limits);

  // Counts what there is to do. Errors as RangeDiff::next() has them.
  Result<RollbackPlan> plan(const Context& ctx);

  // Does it, from the state that was planned on; done() tells how far it came. Code::compare_failed
  // names a key that somebody changed since; unavailable (a page may have been written:
  // `uncertain`), bad_data when a page is more than the server takes, denied, timed_out, cancelled.
  Result<RollbackDone> run(const Context& ctx);
  const RollbackDone& done() const { return done_; }

 private:
  Result<std::vector<KeyChange>> next_page(const Context& ctx, RangeDiff& diff);
  Result<> write(const Context& ctx, const std::vector<KeyChange>& page);

  etcd::Client* client_;
  DiffRange range_;
  RollbackLimits limits_;
  std::optional<KeyChange> next_;  // that did not fit into the page before
  RollbackDone done_;
};

}  // namespace coord::recipe
