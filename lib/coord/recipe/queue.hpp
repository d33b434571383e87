// Queue: the queue of etcd's Go recipes, key for key, whose items are claimed before they are gone.
//
// Keys (base/layout_queue.hpp): items NAME/DIGITS, value: the item. Everything else is kept beside,
// under __NAME/, since Go's consumers read all keys that begin with NAME.
//   put      if no key is there (version 0): put it. See queue_producer.hpp for lost replies.
//   order    by modification revision, by key within a transaction, as Go's. An item that is given
//   back goes to the end.
//   claim    one transaction moves the item, guarded by its modification revision, to a claim key
//   that names our lease, and puts the key "alive" on that lease. See queue_claim.hpp.
//   done     delete the claim. Give back: move it to an item key. Both guarded by its create
//   revision.
//   dead     a claim whose "alive" is gone is given back by whoever dequeues next.
// An item is in exactly one place at every revision, so none is lost. What breaks it: Go's
// consumers delete the item before it is worked on, and those of `a` eat `ab` and `a.dead` too; we
// list NAME/ and take only what lies directly under it. Specified by contrib/recipes/queue.go.
#pragma once

#include <vector>

#include "coord/base/context.hpp"
#include "coord/base/layout_queue.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/recipe/holder_info.hpp"

namespace coord::recipe {

struct QueueName {
  std::string name;
  layout::QueueKind kind = layout::QueueKind::fifo;
};

struct QueueItem {
  std::string key;
  std::string value;
  std::int64_t mod_revision = 0;
  int attempts = 0;  // that failed
};

struct QueuePage {
  std::int64_t revision = 0;     // at which it was read
  std::vector<QueueItem> items;  // in the order in which they are served
  std::string foreign;  // a key under NAME/ that is no item of this queue; empty: none seen
};

// The first LIMIT items. One round trip, more where keys of other things are in the way. The server
// reads all keys of a FIFO queue for it.
Result<QueuePage> first_items(etcd::Client& client, const Context& ctx, const QueueName& queue,
                              std::int64_t limit);

// All items in pages at one revision. By revision the server reads the whole queue for each page,
// so pages are as large as memory allows for: about 4 MiB.
class QueuePages {
 public:
  enum class Read {
    in_order,  // as they are served
    keys,      // without values, in any order: cheaper
  };

  QueuePages(etcd::Client& client, QueueName queue, Read read);

  // The next page, which may be empty; nothing after the last one. Code::compacted when its
  // revision is compacted away meanwhile.
  Result<std::optional<QueuePage>> next(const Context& ctx);

 private:
  Result<etcd::RangeReply> read(const Context& ctx);
  void move_on(const etcd::RangeReply& reply);

  etcd::Client* client_;
  QueueName queue_;
  etcd::RangeRequest request_;
  bool by_revision_;
  std::vector<std::string> seen_;  // keys of the last revision of the page before
  bool done_ = false;
};

struct QueueClaim {
  layout::QueueClaimKey key;
  std::string value;
  std::int64_t create_revision = 0;
  bool is_alive = false;
  std::optional<HolderInfo> who;
};

// Every claim of the queue. One round trip.
Result<std::vector<QueueClaim>> claims_of(etcd::Client& client, const Context& ctx,
                                          const QueueName& queue);

// Deletes the items that wait, and what producers that died have left; claims stay. How many items.
Result<std::int64_t> purge(etcd::Client& client, const Context& ctx, const QueueName& queue);

}  // namespace coord::recipe
