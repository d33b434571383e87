#include "coord/recipe/wait.hpp"

#include "coord/base/bytes.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/recipe/patience.hpp"
#include "coord/recipe/vanish.hpp"

namespace coord::recipe {
namespace {

// Step 1: who is right before us. No key: it is our turn.
struct Look {
  KeyAt predecessor;
  std::int64_t revision = 0;
};

Result<> check_own(const Place& place, const etcd::RangeReply& own) {
  if (own.kvs.empty() || own.kvs.front().create_revision != place.create_revision)
    return fail(Code::lost, "the own key '" + place.key + "' is gone");
  if (place.written_once && own.kvs.front().mod_revision != place.create_revision)
    return fail(Code::lost, "the own key '" + place.key + "' was overwritten");
  return {};
}

Result<Look> look(etcd::Client& client, const Context& ctx, const Place& place) {
  etcd::Txn all;
  all.then(etcd::RangeRequest{.key = place.key, .keys_only = true});
  for (etcd::RangeRequest& older : rivals_of(place)) {
    older.limit = 1;
    older.order = etcd::SortOrder::descend;
    older.target = etcd::SortTarget::create;
    older.max_create_revision = place.create_revision - 1;
    all.then(std::move(older));
  }
  COORD_TRY_INTO(const etcd::TxnReply reply, patiently(ctx, [&](const Context& bounded) {
                   return etcd::Kv(client).txn(bounded, all, etcd::Repeat::safe);
                 }));
  COORD_TRY(check_own(place, reply.range(0)));
  Look found{.predecessor = {}, .revision = reply.header.revision};
  for (std::size_t i = 1; i < reply.replies.size(); ++i) {
    if (reply.range(i).kvs.empty()) continue;
    const etcd::KeyValue& kv = reply.range(i).kvs.front();
    if (kv.create_revision > found.predecessor.created)
      found.predecessor = {kv.key, kv.create_revision};
  }
  return found;
}

}  // namespace

std::vector<etcd::RangeRequest> rivals_of(const Place& place) {
  auto all = etcd::RangeRequest::prefix(place.prefix);
  all.keys_only = true;
  if (place.harmless.empty()) return {all};
  auto before = all;
  before.range_end = place.harmless;
  all.key = prefix_end(place.harmless);
  return {before, all};
}

Result<std::int64_t> wait_for_turn(etcd::Client& client, const Context& ctx, const Place& place) {
  Vanish vanish(client, place.key, place.create_revision);
  for (;;) {
    COORD_TRY_INTO(const Look found, look(client, ctx, place));
    const auto& [key, created] = found.predecessor;
    if (key.empty()) return found.revision;
    COORD_TRY(vanish.wait(ctx, key, created, found.revision));
  }
}

}  // namespace coord::recipe
