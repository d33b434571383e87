#include "coord/recipe/give_back.hpp"

#include "coord/base/layout.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::recipe {
namespace {

Result<std::vector<etcd::KeyValue>> keys_of(etcd::Client& client, const Context& ctx,
                                            const std::string& name, std::int64_t lease) {
  COORD_TRY_INTO(
      etcd::RangeReply reply,
      etcd::Kv(client).range(ctx, {.key = layout::lock_key(name, lease), .keys_only = true}));
  std::erase_if(reply.kvs, [&](const etcd::KeyValue& kv) { return kv.lease != lease; });
  return std::move(reply.kvs);
}

}  // namespace

Result<std::size_t> give_back(etcd::Client& client, const Context& ctx, const std::string& name,
                              std::int64_t lease) {
  COORD_TRY_INTO(const auto keys, keys_of(client, ctx, name, lease));
  for (const etcd::KeyValue& kv : keys) {
    etcd::Txn txn;
    txn.when(etcd::Compare::create(kv.key, etcd::CompareResult::equal, kv.create_revision));
    txn.then(etcd::DeleteRequest{.key = kv.key});
    COORD_TRY(etcd::Kv(client).txn(ctx, txn, etcd::Repeat::safe));
  }
  return keys.size();
}

}  // namespace coord::recipe
