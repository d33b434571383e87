// QueueProducer: puts items into a queue, many in one transaction, each exactly once.
//
// An item may be gone again, consumed, before we hear that it was put, so its key can't tell
// whether it was. Therefore each transaction also writes the number of the batch to a key of the
// producer's own, __NAME/puts/DIGITS, and is guarded by that key's revision:
//   if our key is as the last batch left it, and no item key exists: put the items and our key;
//   else: read our key. It has this batch's number: an earlier try was done, its reply was lost.
// A try that comes late finds our key changed and does nothing. close() deletes it; where a reply
// was lost it is left for ten minutes instead, on a lease, since to a late first try its absence
// would look like the beginning. A producer that is killed leaves the key behind (see purge()).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/recipe/batches.hpp"
#include "coord/recipe/commit.hpp"

namespace coord::recipe {

// For one thread. CLIENT must outlive it.
class QueueProducer {
 public:
  // With PRIORITY a priority queue's items (priority_queue.hpp).
  QueueProducer(etcd::Client& client, std::string name, std::optional<std::uint16_t> priority);

  // Puts ITEMS in order and appends what was put to DONE. Blocks until etcd answers or CTX ends.
  // After an error those that are not in DONE were not put; of the batch under way nobody knows
  // when in_doubt().
  Result<> put(const Context& ctx, std::span<const std::string> items, std::vector<Written>& done);
  bool in_doubt() const { return in_doubt_; }

  Result<> close(const Context& ctx);

 private:
  struct Batch {
    etcd::Txn txn;
    std::vector<std::string> keys;
  };

  Result<> put_batch(const Context& ctx, std::span<const std::string> items,
                     std::vector<Written>& done);
  Result<Batch> batch_of(const Context& ctx, std::span<const std::string> items);
  Result<std::optional<std::int64_t>> done_at(const CommitOutcome& committed);

  etcd::Client* client_;
  std::string name_;
  std::optional<std::uint16_t> priority_;
  std::string own_key_;
  std::int64_t own_revision_ = 0;  // 0: our key does not exist
  std::uint64_t number_ = 1;       // of the batch under way
  Batches batches_;
  bool in_doubt_ = false;
  bool was_in_doubt_ = false;
};

}  // namespace coord::recipe
