#include "coord/recipe/entry.hpp"

#include <algorithm>

#include "coord/recipe/patience.hpp"

namespace coord::recipe {
namespace {

using etcd::Compare;
using etcd::CompareResult;

// Both branches: our key, then the oldest of each part of the rivals.
etcd::Txn entering(const Place& place, const etcd::PutRequest& put) {
  etcd::Txn txn;
  txn.when(Compare::create(place.key, CompareResult::equal, 0));
  txn.then(put);
  txn.otherwise(etcd::RangeRequest{.key = place.key, .keys_only = true});
  for (etcd::RangeRequest& oldest : rivals_of(place)) {
    oldest.limit = 1;
    oldest.order = etcd::SortOrder::ascend;
    oldest.target = etcd::SortTarget::create;
    txn.then(oldest).otherwise(oldest);
  }
  return txn;
}

Entry entry_of(const etcd::TxnReply& reply, const Place& place, const etcd::PutRequest& put) {
  bool intact = true;
  Entry entry{.revision = reply.header.revision};
  if (reply.succeeded) {
    entry.create_revision = reply.header.revision;
  } else if (const auto& own = reply.range(0).kvs; !own.empty()) {
    entry.clash = own.front().lease != put.lease;
    if (!entry.clash) entry.create_revision = own.front().create_revision;
    intact = !place.written_once || own.front().mod_revision == own.front().create_revision;
  }
  entry.first = intact && entry.create_revision != 0;
  for (std::size_t i = 1; i < reply.replies.size(); ++i) {
    const auto& oldest = reply.range(i).kvs;
    if (!oldest.empty() && oldest.front().create_revision < entry.create_revision)
      entry.first = false;
  }
  return entry;
}

}  // namespace

Result<Entry> join_line(etcd::Client& client, const Context& ctx, const Place& place,
                        const etcd::PutRequest& put) {
  const etcd::Txn txn = entering(place, put);
  COORD_TRY_INTO(const auto reply, as_loss(patiently(ctx, [&](const Context& bounded) {
                   return etcd::Kv(client).txn(bounded, txn, etcd::Repeat::safe);
                 })));
  return entry_of(reply, place, put);
}

Result<Entry> join_if_first(etcd::Client& client, const Context& ctx, const Place& place,
                            const etcd::PutRequest& put) {
  etcd::Txn txn = entering(place, put);
  for (const etcd::RangeRequest& rivals : rivals_of(place)) {
    Compare none = Compare::create(rivals.key, CompareResult::equal, 0);
    none.range_end = rivals.range_end;
    txn.when(std::move(none));
  }
  COORD_TRY_INTO(const auto reply, as_loss(etcd::Kv(client).txn(ctx.at_most(kRequestLimit), txn,
                                                                etcd::Repeat::safe)));
  return entry_of(reply, place, put);
}

Result<> leave_line(etcd::Client& client, const Context& ctx, const Held& held) {
  etcd::Txn txn;
  txn.when(held.is_held()).then(etcd::DeleteRequest{.key = held.key});
  COORD_TRY(etcd::Kv(client).txn(ctx, txn, etcd::Repeat::safe));
  return {};
}

std::unexpected<Error> given_up(etcd::Client& client, const Context& ctx, const Held& held,
                                Error error) {
  const Context bounded = Context(ctx.stop()).at_most(std::chrono::seconds{1});
  if (error.code == Code::lost) (void)leave_line(client, bounded, held);
  return std::unexpected(std::move(error));
}

}  // namespace coord::recipe
