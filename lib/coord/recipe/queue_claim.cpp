#include "coord/recipe/queue_claim.hpp"

#include <algorithm>
#include <random>
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

// Where to go on when somebody was faster: not where all the others go on too.
std::size_t any_of(std::size_t size) {
  thread_local std::minstd_rand chance{std::random_device{}()};
  return size == 0 ? 0 : chance() % size;
}

// MOST of the candidates from FIRST on, round the end, as far as they fit into one request; in
// their order.
std::vector<std::size_t> chosen(const std::deque<QueueItem>& candidates, std::size_t first,
                                std::size_t most) {
  std::vector<std::size_t> indexes;
  std::size_t bytes = 0;
  for (std::size_t n = 0; n < candidates.size() && indexes.size() < most; ++n) {
    const std::size_t i = (first + n) % candidates.size();
    bytes += candidates[i].value.size() + candidates[i].key.size() * 4;
    if (bytes > kMostBytes && !indexes.empty()) break;
    indexes.push_back(i);
  }
  std::ranges::sort(indexes);
  return indexes;
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
  for (std::size_t first = 0; !candidates.empty();) {
    Try tried = prepare(candidates, first, most);
    const auto reply = as_loss(patiently(ctx, [&](const Context& bounded) {
      return etcd::Kv(*client_).txn(bounded, tried.txn, etcd::Repeat::safe);
    }));
    if (!reply && is_too_large(reply.error()) && tried.items.size() > 1) {
      most = tried.items.size() / 2;
      continue;
    }
    if (!reply) return std::unexpected(reply.error());
    const std::size_t before = candidates.size();
    COORD_TRY_INTO(const auto revision, learn(tried, *reply));
    drop_settled(tried, *reply, revision.has_value(), candidates);
    if (revision) return claimed(std::move(tried), *revision);
    if (candidates.size() < before) first = any_of(candidates.size());
  }
  return std::vector<ClaimedItem>{};
}

QueueConsumer::Try QueueConsumer::prepare(const std::deque<QueueItem>& candidates,
                                          std::size_t first, std::size_t most) const {
  Try tried;
  etcd::Txn& txn = tried.txn;
  txn.when(Compare::create(alive_key_, CompareResult::equal, alive_created_));
  if (alive_created_ == 0)
    txn.then(etcd::PutRequest{.key = alive_key_, .value = who_, .lease = lease_});
  txn.otherwise(keys_under(layout::claims_prefix(queue_.name, lease_)));
  txn.otherwise(key_only(alive_key_));
  for (const std::size_t i : chosen(candidates, first, most)) {
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
