// The second half of queue_claim.hpp: what becomes of a claim.
#include <set>
#include <span>

#include "coord/recipe/commit.hpp"
#include "coord/recipe/patience.hpp"
#include "coord/recipe/priority_queue.hpp"
#include "coord/recipe/queue_claim.hpp"

namespace coord::recipe {

using etcd::Compare;
using etcd::CompareResult;
using layout::QueueKind;

namespace {

constexpr std::size_t kFinishes = 120;  // in a transaction

Compare claim_stands(const ClaimedItem& item) {
  return Compare::create(item.claim_key, CompareResult::equal, item.create_revision);
}

// One claim. It is gone after a try of ours whose reply was lost: by us, unless our lease has
// ended.
Result<bool> finish_one(etcd::Client& client, const Context& ctx, const std::string& name,
                        const ClaimedItem& item) {
  etcd::Txn txn;
  txn.when(claim_stands(item)).then(etcd::DeleteRequest{.key = item.claim_key});
  txn.otherwise(etcd::RangeRequest{.key = layout::alive_key(name, item.lease), .keys_only = true});
  COORD_TRY_INTO(const CommitOutcome committed, commit(client, ctx, txn));
  if (committed.reply.succeeded) return true;
  return committed.in_doubt && !committed.reply.range(0).kvs.empty();
}

Result<std::size_t> finish_each(etcd::Client& client, const Context& ctx, const std::string& name,
                                std::span<const ClaimedItem> items) {
  std::size_t gone = 0;
  for (const ClaimedItem& item : items) {
    COORD_TRY_INTO(const bool finished, finish_one(client, ctx, name, item));
    if (!finished) ++gone;
  }
  return gone;
}

// Where an item goes that is given back. Another key than the last one each time, if that was
// taken.
class Target {
 public:
  Target(const std::string& name, const ClaimedItem& item, const GiveBack& how) : name_(name) {
    item_ = layout::parse_queue_item(name, item.item_key)
                .value_or(layout::QueueItemKey{.base = item.item_key});
    attempts_ = how.counts ? item.attempt : item.attempt - 1;
    dead_ = how.counts && how.most_attempts > 0 && attempts_ >= how.most_attempts;
    if (dead_) item_ = {.base = fresh()};
  }

  bool is_dead() const { return dead_; }
  std::string key() const {
    return dead_ ? item_.base : layout::with_attempts(item_.base, attempts_);
  }
  void add_to(etcd::Txn& txn, const std::string& value) const {
    txn.when({key(), etcd::CompareTarget::version, CompareResult::equal, 0, {}, {}});
    txn.then(etcd::PutRequest{.key = key(), .value = value});
    if (item_.kind == QueueKind::priority) txn.then(bookkeeping(name_, item_.priority));
  }
  void take_another() {
    if (item_.kind == QueueKind::priority) {
      item_.base = layout::priority_item(name_, item_.priority, ++item_.number);
    } else {
      item_.base = fresh();
    }
  }

 private:
  std::string fresh() const {
    return layout::fifo_item(dead_ ? layout::dead_queue(name_) : name_, layout::unique_digits());
  }

  std::string name_;
  layout::QueueItemKey item_;
  int attempts_ = 0;
  bool dead_ = false;
};

// Did we find at RANGE that the claim still stands, so that it was the other guards that failed?
bool still_stands(const etcd::RangeReply& range, const ClaimedItem& item) {
  return !range.kvs.empty() && range.kvs.front().create_revision == item.create_revision;
}

}  // namespace

Result<std::size_t> finish(etcd::Client& client, const Context& ctx, const std::string& name,
                           const std::vector<ClaimedItem>& items) {
  if (items.size() == 1) return finish_each(client, ctx, name, items);
  std::size_t gone = 0;
  for (std::span rest(items); !rest.empty();) {
    const auto part = rest.first(std::min(rest.size(), kFinishes));
    rest = rest.subspan(part.size());
    etcd::Txn txn;
    for (const ClaimedItem& item : part)
      txn.when(claim_stands(item)).then(etcd::DeleteRequest{.key = item.claim_key});
    // Whatever is left is looked at one by one; what an earlier try of ours deleted counts as done.
    txn.otherwise(
        etcd::RangeRequest{.key = layout::alive_key(name, part.front().lease), .keys_only = true});
    COORD_TRY_INTO(const CommitOutcome committed, commit(client, ctx, txn));
    if (committed.reply.succeeded) continue;
    if (committed.in_doubt && !committed.reply.range(0).kvs.empty()) continue;
    COORD_TRY_INTO(const std::size_t missing, finish_each(client, ctx, name, part));
    gone += missing;
  }
  return gone;
}

Result<GivenBack> give_back(etcd::Client& client, const Context& ctx, const std::string& name,
                            const ClaimedItem& item, const GiveBack& how) {
  const std::string alive = layout::alive_key(name, item.lease);
  Target target(name, item, how);
  for (;;) {
    const auto done = target.is_dead() ? GivenBack::in_dead_queue : GivenBack::in_queue;
    etcd::Txn txn;
    txn.when(claim_stands(item)).then(etcd::DeleteRequest{.key = item.claim_key});
    if (how.only_dead) txn.when(Compare::create(alive, CompareResult::equal, 0));
    target.add_to(txn, item.value);
    txn.otherwise(etcd::RangeRequest{.key = item.claim_key, .keys_only = true});
    txn.otherwise(etcd::RangeRequest{.key = alive, .keys_only = true});
    COORD_TRY_INTO(const CommitOutcome committed, commit(client, ctx, txn));
    if (committed.reply.succeeded) return done;
    if (!still_stands(committed.reply.range(0), item))
      return committed.in_doubt ? done : GivenBack::gone;
    if (how.only_dead && !committed.reply.range(1).kvs.empty()) return GivenBack::gone;
    target.take_another();
    COORD_TRY(ctx.check("giving back"));
  }
}

Result<std::size_t> recover(etcd::Client& client, const Context& ctx, const std::string& name,
                            int most_attempts) {
  auto claims = etcd::RangeRequest::prefix(layout::claims_prefix(name));
  auto alive = etcd::RangeRequest::prefix(layout::alive_prefix(name));
  claims.keys_only = alive.keys_only = true;
  etcd::Txn both;
  both.then(std::move(claims)).then(std::move(alive));
  const auto ask = [&](const Context& bounded) {
    return etcd::Kv(client).txn(bounded, both, etcd::Repeat::safe);
  };
  COORD_TRY_INTO(const etcd::TxnReply reply, patiently(ctx, ask));
  std::set<std::string> living;
  for (const etcd::KeyValue& kv : reply.range(1).kvs) living.insert(kv.key);
  std::size_t recovered = 0;
  for (const etcd::KeyValue& kv : reply.range(0).kvs) {
    const auto claim = layout::parse_claim(name, kv.key);
    if (!claim || living.contains(layout::alive_key(name, claim->lease))) continue;
    COORD_TRY_INTO(const auto found, patiently(ctx, [&](const Context& bounded) {
                     return etcd::Kv(client).range(bounded, {.key = kv.key});
                   }));
    if (found.kvs.empty()) continue;
    const ClaimedItem item{.item_key = claim->item_key,
                           .claim_key = kv.key,
                           .value = found.kvs.front().value,
                           .create_revision = found.kvs.front().create_revision,
                           .lease = claim->lease,
                           .attempt = claim->item.attempts + 1};
    COORD_TRY_INTO(const GivenBack given,
                   give_back(client, ctx, name, item,
                             {.counts = true, .most_attempts = most_attempts, .only_dead = true}));
    if (given != GivenBack::gone) ++recovered;
  }
  return recovered;
}

}  // namespace coord::recipe
