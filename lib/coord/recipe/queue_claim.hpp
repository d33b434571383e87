// QueueConsumer: takes items out of a queue without losing any: a claim stands for each until it is
// done.
//
//   claim    one transaction, up to 60 items: if each still has the modification revision that was
//            seen, and our "alive" key is as we know it: delete the items, put the claims (their
//            values are the items), and with the first ones put "alive" on our lease.
//            Else: read our claims (they are there: an earlier try was done), "alive" and the
//            items; those that others took are dropped, and the next ones tried.
//   done     if the claim has its create revision: delete it.
//   back     if the claim has its create revision, and no item has the key: delete the claim, put
//            the item, with one attempt more in its key if that is to be counted. After MOST
//            attempts it goes to the queue NAME.dead instead.
//   recover  claims without an "alive" of their lease are given back by anybody, guarded by its
//            absence too.
// Claim keys are deleted or moved but never written twice, so repeating any of these after a lost
// reply does nothing, and what it finds tells what the first try did. What breaks it: a consumer
// that works on although its lease has ended does so while another one may (hold() stops CMD).
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "coord/recipe/held.hpp"
#include "coord/recipe/queue.hpp"

namespace coord::recipe {

struct ClaimedItem {
  std::string item_key;  // where it was
  std::string claim_key;
  std::string value;
  std::int64_t create_revision = 0;  // of the claim
  std::int64_t lease = 0;
  int attempt = 1;  // this one
};

// For one thread. CLIENT must outlive it.
class QueueConsumer {
 public:
  // WHO is the value of the "alive" key, for people who ask.
  QueueConsumer(etcd::Client& client, std::int64_t lease, QueueName queue, const HolderInfo& who);

  // Claims the first of CANDIDATES that nobody else was faster at, up to MOST, and removes them and
  // those that are gone: none is passed over that is still there. Empty when none is left. Blocks
  // until etcd answers. Code::lost: our lease has ended; denied, timed_out, cancelled.
  Result<std::vector<ClaimedItem>> claim(const Context& ctx, std::deque<QueueItem>& candidates,
                                         std::size_t most);

  // The "alive" key, for a Guard; after the first claim.
  Held held() const;

 private:
  struct Try {
    etcd::Txn txn;
    std::vector<QueueItem> items;
    std::vector<std::string> claim_keys;
  };

  Try prepare(const std::deque<QueueItem>& candidates, std::size_t most) const;
  // The create revision of the claims; nothing when the try was refused.
  Result<std::optional<std::int64_t>> learn(const Try& tried, const etcd::TxnReply& reply);
  static void drop_settled(const Try& tried, const etcd::TxnReply& reply, bool done,
                           std::deque<QueueItem>& candidates);
  std::vector<ClaimedItem> claimed(Try tried, std::int64_t revision) const;

  etcd::Client* client_;
  std::int64_t lease_;
  QueueName queue_;
  std::string who_;
  std::string alive_key_;
  std::int64_t alive_created_ = 0;
};

// Deletes the claims. How many of them were gone already: given back by others, after our lease had
// ended.
Result<std::size_t> finish(etcd::Client& client, const Context& ctx, const std::string& name,
                           const std::vector<ClaimedItem>& items);

struct GiveBack {
  bool counts = true;      // as an attempt that failed
  int most_attempts = 0;   // then to NAME.dead; 0: never
  bool only_dead = false;  // if the claim's "alive" is gone
};

enum class GivenBack { in_queue, in_dead_queue, gone };  // gone: somebody else was faster

Result<GivenBack> give_back(etcd::Client& client, const Context& ctx, const std::string& name,
                            const ClaimedItem& item, const GiveBack& how);

// Gives back every claim of NAME, of either kind, whose consumer is dead. How many. One round trip
// when there is none.
Result<std::size_t> recover(etcd::Client& client, const Context& ctx, const std::string& name,
                            int most_attempts);

}  // namespace coord::recipe
