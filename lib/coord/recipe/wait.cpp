#include "coord/recipe/wait.hpp"

#include "coord/etcd/kv.hpp"
#include "coord/recipe/patience.hpp"
#include "coord/recipe/vanish.hpp"

namespace coord::recipe {
namespace {

// Step 1: who is right before us. No key: it is our turn.
struct Look {
  std::string predecessor;
  std::int64_t predecessor_created = 0;
  std::int64_t revision = 0;
};

Result<Look> look(etcd::Client& client, const Context& ctx, const Place& place) {
  auto older = etcd::RangeRequest::last_created_before(place.prefix, place.create_revision);
  older.keys_only = true;
  etcd::RangeRequest own{.key = place.key, .keys_only = true};
  etcd::Txn both;
  both.then(std::move(older)).then(std::move(own));
  COORD_TRY_INTO(const etcd::TxnReply reply, patiently(ctx, [&](const Context& bounded) {
                   return etcd::Kv(client).txn(bounded, both, etcd::Repeat::safe);
                 }));
  const auto& mine = reply.range(1).kvs;
  if (mine.empty() || mine.front().create_revision != place.create_revision) {
    return fail(Code::lost, "the own key '" + place.key + "' is gone");
  }
  Look found{.revision = reply.header.revision};
  if (!reply.range(0).kvs.empty()) {
    found.predecessor = reply.range(0).kvs.front().key;
    found.predecessor_created = reply.range(0).kvs.front().create_revision;
  }
  return found;
}

}  // namespace

Result<std::int64_t> wait_for_turn(etcd::Client& client, const Context& ctx, const Place& place) {
  Vanish vanish(client, place.key, place.create_revision);
  for (;;) {
    COORD_TRY_INTO(const Look found, look(client, ctx, place));
    if (found.predecessor.empty()) return found.revision;
    COORD_TRY(vanish.wait(ctx, found.predecessor, found.predecessor_created, found.revision));
  }
}

}  // namespace coord::recipe
