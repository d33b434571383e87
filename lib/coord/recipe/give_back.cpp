#include "coord/recipe/give_back.hpp"

#include "coord/base/layout.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/recipe/delete_contender.hpp"

namespace coord::recipe {

Result<std::vector<etcd::KeyValue>> keys_of(etcd::Client& client, const Context& ctx,
                                            const std::string& name, std::int64_t lease) {
  etcd::Txn txn;
  txn.then(etcd::RangeRequest{.key = layout::lock_key(name, lease), .keys_only = true});
  for (const layout::Access access : {layout::Access::read, layout::Access::write}) {
    auto contenders = etcd::RangeRequest::prefix(layout::rwlock_prefix(name, access));
    contenders.keys_only = true;
    txn.then(std::move(contenders));
  }
  COORD_TRY_INTO(const auto reply, etcd::Kv(client).txn(ctx, txn, etcd::Repeat::safe));
  std::vector<etcd::KeyValue> keys;
  for (std::size_t i = 0; i < reply.replies.size(); ++i) {
    for (const etcd::KeyValue& kv : reply.range(i).kvs) {
      if (kv.lease == lease && layout::may_hold(kv.key, lease)) keys.push_back(kv);
    }
  }
  return keys;
}

Result<> let_go(etcd::Client& client, const Context& ctx, const etcd::KeyValue& kv) {
  const std::string session = layout::session_key(kv.lease);
  const auto ours = etcd::Compare::create(kv.key, etcd::CompareResult::equal, kv.create_revision);
  etcd::Txn txn;
  txn.when(ours).when(etcd::Compare::create(session, etcd::CompareResult::greater, 0));
  txn.then(etcd::PutRequest{.key = session, .ignore_value = true, .ignore_lease = true});
  COORD_TRY_INTO(const bool in_order, delete_contender(client, ctx, std::move(txn), kv.key));
  if (in_order) return {};
  etcd::Txn plain;  // a lease that is no session of coord's, or the key is gone
  COORD_TRY(delete_contender(client, ctx, std::move(plain.when(ours)), kv.key));
  return {};
}

Result<std::size_t> give_back(etcd::Client& client, const Context& ctx, const std::string& name,
                              std::int64_t lease, const std::set<std::string>& kept) {
  COORD_TRY_INTO(auto keys, keys_of(client, ctx, name, lease));
  std::erase_if(keys, [&](const etcd::KeyValue& kv) { return kept.contains(kv.key); });
  for (const etcd::KeyValue& kv : keys) COORD_TRY(let_go(client, ctx, kv));
  return keys.size();
}

}  // namespace coord::recipe
