#include "coord/recipe/queue_claim.hpp"

#include <algorithm>
#include <set>

#include "coord/base/layout.hpp"
#include "coord/recipe/commit.hpp"
#include "coord/recipe/entry.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::recipe {

using etcd::Compare;
using etcd::CompareResult;

namespace {

constexpr std::size_t kMostItems = 60;         // two operations each, of 128
constexpr std::size_t kMostBytes = 1'000'000;  // of a request etcd takes 1.5 MiB

etcd::RangeRequest key_only(const std::string& key) { return {.key = key, .keys_only = true}; }

etcd::RangeRequest keys_under(const std::string& prefix) {
  auto request = etcd::RangeRequest::prefix(prefix);
  request.keys_only = true;
  return request;
}

// How many of the first candidates, at most MOST, fit into one request.
std::size_t fitting(const std::deque<QueueItem>& candidates, std::size_t most) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < candidates.size() && i < most; ++i) {
    bytes += candidates[i].value.size() + candidates[i].key.size() * 4;
    if (bytes > kMostBytes && i > 0) return i;
  }
  return std::min(candidates.size(), most);
}

}  // namespace

QueueConsumer::QueueConsumer(etcd::Client& client, std::int64_t lease, QueueName queue,
                             const HolderInfo& who)
    : client_(&client),
      lease_(lease),
      queue_(std::move(queue)),
      who_(who.to_json()),
      alive_key_(layout::alive_key(queue_.name, lease_)) {}

Result<std::vector<ClaimedItem>> QueueConsumer::claim(const Context& ctx,
                                                      std::deque<QueueItem>& candidates,
                                                      std::size_t most) {
  most = std::min(most, kMostItems);
  while (!candidates.empty()) {
    Try tried = prepare(candidates, most);
    const auto reply = as_loss(patiently(ctx, [&](const Context& bounded) {
      return etcd::Kv(*client_).txn(bounded, tried.txn, etcd::Repeat::safe);
    }));
    if (!reply && is_too_large(reply.error()) && tried.items.size() > 1) {
      most = tried.items.size() / 2;
      continue;
    }
    if (!reply) return std::unexpected(reply.error());
    COORD_TRY_INTO(const auto revision, learn(tried, *reply));
    drop_settled(tried, *reply, revision.has_value(), candidates);
    if (revision) return claimed(std::move(tried), *revision);
  }
  return std::vector<ClaimedItem>{};
}

QueueConsumer::Try QueueConsumer::prepare(const std::deque<QueueItem>& candidates,
                                          std::size_t most) const {
  Try tried;
  etcd::Txn& txn = tried.txn;
  txn.when(Compare::create(alive_key_, CompareResult::equal, alive_created_));
  if (alive_created_ == 0)
    txn.then(etcd::PutRequest{.key = alive_key_, .value = who_, .lease = lease_});
  txn.otherwise(keys_under(layout::claims_prefix(queue_.name, lease_)));
  txn.otherwise(key_only(alive_key_));
  const std::size_t count = fitting(candidates, most);
  for (std::size_t i = 0; i < count; ++i) {
    const QueueItem& item = candidates[i];
    const std::string claim = layout::claim_key(queue_.name, lease_, item.key);
    txn.when(Compare::mod(item.key, CompareResult::equal, item.mod_revision));
    txn.then(etcd::DeleteRequest{.key = item.key});
    txn.then(etcd::PutRequest{.key = claim, .value = item.value});
    txn.otherwise(key_only(item.key));
    tried.items.push_back(item);
    tried.claim_keys.push_back(claim);
  }
  return tried;
}

Result<std::optional<std::int64_t>> QueueConsumer::learn(const Try& tried,
                                                         const etcd::TxnReply& reply) {
  if (reply.succeeded) {
    if (alive_created_ == 0) alive_created_ = reply.header.revision;
    return reply.header.revision;
  }
  const auto& ours = reply.range(0).kvs;
  const auto& alive = reply.range(1).kvs;
  const auto claim = std::ranges::find(ours, tried.claim_keys.front(), &etcd::KeyValue::key);
  if (alive.empty() && (alive_created_ != 0 || claim != ours.end()))
    return fail(Code::lost, "the own key '" + alive_key_ + "' is gone");
  if (!alive.empty()) alive_created_ = alive.front().create_revision;
  if (claim == ours.end()) return std::nullopt;
  return claim->create_revision;
}

void QueueConsumer::drop_settled(const Try& tried, const etcd::TxnReply& reply, bool done,
                                 std::deque<QueueItem>& candidates) {
  std::set<std::string> settled;
  for (std::size_t i = 0; i < tried.items.size(); ++i) {
    const QueueItem& item = tried.items[i];
    const bool there = !done && !reply.range(i + 2).kvs.empty() &&
                       reply.range(i + 2).kvs.front().mod_revision == item.mod_revision;
    if (!there) settled.insert(item.key);
  }
  std::erase_if(candidates, [&](const QueueItem& item) { return settled.contains(item.key); });
}

std::vector<ClaimedItem> QueueConsumer::claimed(Try tried, std::int64_t revision) const {
  std::vector<ClaimedItem> all;
  for (std::size_t i = 0; i < tried.items.size(); ++i) {
    QueueItem& item = tried.items[i];
    all.push_back({.item_key = std::move(item.key),
                   .claim_key = std::move(tried.claim_keys[i]),
                   .value = std::move(item.value),
                   .create_revision = revision,
                   .lease = lease_,
                   .attempt = item.attempts + 1});
  }
  return all;
}

Held QueueConsumer::held() const {
  return {queue_.name, alive_key_, alive_created_, alive_created_, lease_};
}

}  // namespace coord::recipe
