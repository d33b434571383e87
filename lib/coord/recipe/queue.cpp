#include "coord/recipe/queue.hpp"

#include <algorithm>
#include <set>

#include "coord/recipe/patience.hpp"

namespace coord::recipe {

using layout::QueueKind;

namespace {

constexpr std::int64_t kFirstPage = 1000;
constexpr std::int64_t kMostKeys = 50000;  // in a page
constexpr std::int64_t kPageBytes = 4 << 20;
constexpr std::size_t kDeletes = 120;  // in a transaction

etcd::RangeRequest in_order(const QueueName& queue) {
  auto request = etcd::RangeRequest::prefix(layout::queue_prefix(queue.name));
  if (queue.kind == QueueKind::fifo) {
    request.order = etcd::SortOrder::ascend;
    request.target = etcd::SortTarget::mod;
  }
  return request;
}

// Among equal revisions the server's order is that of the keys; to rely on it costs nothing to
// avoid.
void sort_ties(std::vector<QueueItem>& items) {
  std::ranges::sort(items, {}, [](const QueueItem& item) {
    return std::pair(item.mod_revision, std::string_view(item.key));
  });
}

QueuePage page_of(etcd::RangeReply reply, const QueueName& queue) {
  QueuePage page{.revision = reply.header.revision, .items = {}, .foreign = {}};
  for (etcd::KeyValue& kv : reply.kvs) {
    const auto parsed = layout::parse_queue_item(queue.name, kv.key);
    if (!parsed || parsed->kind != queue.kind) {
      page.foreign = kv.key;
      continue;
    }
    page.items.push_back(
        {std::move(kv.key), std::move(kv.value), kv.mod_revision, parsed->attempts});
  }
  if (queue.kind == QueueKind::fifo) sort_ties(page.items);
  return page;
}

}  // namespace

Result<QueuePage> first_items(etcd::Client& client, const Context& ctx, const QueueName& queue,
                              std::int64_t limit) {
  etcd::RangeRequest request = in_order(queue);
  for (request.limit = limit;; request.limit *= 2) {
    COORD_TRY_INTO(etcd::RangeReply reply, etcd::Kv(client).range(ctx, request));
    const bool more = reply.more;
    QueuePage page = page_of(std::move(reply), queue);
    if (!page.items.empty() || !more) return page;
  }
}

QueuePages::QueuePages(etcd::Client& client, QueueName queue, Read read)
    : client_(&client),
      queue_(std::move(queue)),
      request_(in_order(queue_)),
      by_revision_(read == Read::in_order && queue_.kind == QueueKind::fifo) {
  if (!by_revision_) request_.order = etcd::SortOrder::none;
  request_.keys_only = read == Read::keys;
  request_.limit = kFirstPage;
}

Result<std::optional<QueuePage>> QueuePages::next(const Context& ctx) {
  if (done_) return std::nullopt;
  COORD_TRY_INTO(etcd::RangeReply reply, read(ctx));
  if (request_.revision == 0) request_.revision = reply.header.revision;
  const std::set<std::string> before(seen_.begin(), seen_.end());
  move_on(reply);
  std::erase_if(reply.kvs, [&](const etcd::KeyValue& kv) { return before.contains(kv.key); });
  return page_of(std::move(reply), queue_);
}

// By revision a page begins with the revision that the last one ended with; one that has nothing
// but keys of that revision must grow.
Result<etcd::RangeReply> QueuePages::read(const Context& ctx) {
  for (;; request_.limit *= 2) {
    COORD_TRY_INTO(etcd::RangeReply reply, etcd::Kv(*client_).range(ctx, request_));
    const bool stuck = by_revision_ && reply.more && !reply.kvs.empty() &&
                       reply.kvs.front().mod_revision == reply.kvs.back().mod_revision;
    if (!stuck) return reply;
  }
}

void QueuePages::move_on(const etcd::RangeReply& reply) {
  done_ = !reply.more || reply.kvs.empty();
  if (done_) return;
  std::int64_t bytes = 0;
  for (const etcd::KeyValue& kv : reply.kvs)
    bytes += std::ssize(kv.key) + std::ssize(kv.value) + 32;
  request_.limit =
      std::clamp<std::int64_t>(std::ssize(reply.kvs) * kPageBytes / bytes, 100, kMostKeys);
  if (!by_revision_) {
    request_.key = reply.kvs.back().key + '\0';
    return;
  }
  const std::int64_t last = reply.kvs.back().mod_revision;
  request_.min_mod_revision = last;
  seen_.clear();
  for (const etcd::KeyValue& kv : reply.kvs) {
    if (kv.mod_revision == last) seen_.push_back(kv.key);
  }
}

Result<std::vector<QueueClaim>> claims_of(etcd::Client& client, const Context& ctx,
                                          const QueueName& queue) {
  etcd::Txn both;
  both.then(etcd::RangeRequest::prefix(layout::claims_prefix(queue.name)));
  both.then(etcd::RangeRequest::prefix(layout::alive_prefix(queue.name)));
  COORD_TRY_INTO(const auto reply, etcd::Kv(client).txn(ctx, both, etcd::Repeat::safe));
  std::vector<QueueClaim> claims;
  for (const etcd::KeyValue& kv : reply.range(0).kvs) {
    const auto key = layout::parse_claim(queue.name, kv.key);
    if (!key || key->item.kind != queue.kind) continue;
    QueueClaim claim{*key, kv.value, kv.create_revision, false, std::nullopt};
    for (const etcd::KeyValue& alive : reply.range(1).kvs) {
      if (layout::parse_alive(queue.name, alive.key) != key->lease) continue;
      claim.is_alive = true;
      claim.who = HolderInfo::from_json(alive.value);
    }
    claims.push_back(std::move(claim));
  }
  return claims;
}

Result<std::int64_t> purge(etcd::Client& client, const Context& ctx, const QueueName& queue) {
  etcd::Kv kv(client);
  std::int64_t deleted = 0;
  QueuePages pages(client, queue, QueuePages::Read::keys);
  for (;;) {
    COORD_TRY_INTO(const auto page, pages.next(ctx.at_most(kRequestLimit)));
    if (!page) break;
    for (std::size_t at = 0; at < page->items.size(); at += kDeletes) {
      etcd::Txn txn;
      const std::size_t end = std::min(at + kDeletes, page->items.size());
      for (std::size_t i = at; i < end; ++i)
        txn.then(etcd::DeleteRequest{.key = page->items[i].key});
      COORD_TRY_INTO(const auto reply, kv.txn(ctx.at_most(kRequestLimit), txn, etcd::Repeat::safe));
      for (const etcd::OpReply& one : reply.replies)
        deleted += std::get<etcd::DeleteReply>(one).deleted;
    }
  }
  const std::string left = layout::producers_prefix(queue.name);
  COORD_TRY(kv.remove(ctx.at_most(kRequestLimit),
                      {.key = left, .range_end = etcd::RangeRequest::prefix(left).range_end},
                      etcd::Repeat::safe));
  return deleted;
}

}  // namespace coord::recipe
