#include "coord/recipe/delete_contender.hpp"

#include "coord/base/layout.hpp"

namespace coord::recipe {

Result<bool> delete_contender(etcd::Client& client, const Context& ctx, etcd::Txn txn,
                              const std::string& key) {
  txn.then(etcd::DeleteRequest{.key = key});
  etcd::Txn both = txn;
  both.then(etcd::DeleteRequest{.key = layout::holder_key(key)});
  auto reply = etcd::Kv(client).txn(ctx, both, etcd::Repeat::safe);
  if (!reply && reply.error().code == Code::denied)
    reply = etcd::Kv(client).txn(ctx, txn, etcd::Repeat::safe);
  if (!reply) return std::unexpected(std::move(reply).error());
  return reply->succeeded;
}

}  // namespace coord::recipe
