// Mirror: keeps a prefix of another cluster as it is in this one.
//
// Writes only at the destination, and only keys of the source: nothing else that is there is
// touched. No leases: a key goes when it has gone at the source.
//   1. the source is followed without a gap (live_range.hpp): all keys at one revision, then every
//      change; after a compaction all again, with removals of what has gone meanwhile.
//   2. keys of the list go over in transactions of at most `max_txn_ops` puts; changes in one
//      transaction a revision, split only where it has more than that, so that the destination
//      passes through the states of the source.
//   3. a transaction whose reply was lost is sent again: puts and deletes by one writer are
//      idempotent. While the destination is out of reach it waits; nothing is left out.
// Two mirrors onto one destination undo each other's work. Started again it lists again, and what
// was removed at the source while nobody mirrored stays at the destination. From a `revision` on
// there is no list: Code::compacted when that, or what follows after an outage, has gone.
#pragma once

#include <functional>

#include "coord/recipe/live_range.hpp"

namespace coord::recipe {

struct MirrorPlan {
  std::string prefix;              // at the source; empty: all keys
  std::string destination_prefix;  // takes its place
  std::int64_t revision = 0;       // not 0: only changes, from this revision on
  std::int64_t max_txn_ops = 128;
};

// For one thread. Both clients must outlive it.
class Mirror {
 public:
  Mirror(etcd::Client& source, etcd::Client& destination, MirrorPlan plan)
      : source_(&source), destination_(&destination), plan_(std::move(plan)) {}

  // Tells of what is said in one line: an outage and its end.
  using Note = std::function<void(const std::string&)>;
  // Called now and then from run().
  using Tick = std::function<void()>;

  // Until CTX ends: Code::cancelled. Fails before the list is whole when the source cannot be
  // reached, and with what neither cluster will ever do: denied, bad_data.
  Result<> run(const Context& ctx, const Note& note, const Tick& tick);

  std::int64_t mirrored() const { return mirrored_; }  // puts and deletes so far

 private:
  Result<> follow(const Context& ctx);
  Result<> follow_changes(const Context& ctx);
  Result<> apply(const Context& ctx, const std::vector<etcd::Event>& events, bool by_revision);
  Result<> commit(const Context& ctx, etcd::Txn& txn);
  void take(const etcd::Event& event, etcd::Txn& txn);

  etcd::Client* source_;
  etcd::Client* destination_;
  MirrorPlan plan_;
  Note note_;
  Tick tick_;
  std::int64_t mirrored_ = 0;
};

}  // namespace coord::recipe
