#include "cmd/commands/sessions/session_claim.hpp"

#include "coord/base/layout.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::commands {

Result<std::vector<recipe::Held>> SessionClaim::acquire(const Context& ctx, etcd::Client& client,
                                                        const etcd::Session& session) {
  const std::string key = layout::session_key(session.lease());
  etcd::Txn txn;
  txn.when(etcd::Compare::create(key, etcd::CompareResult::equal, 0));
  txn.then(etcd::PutRequest{.key = key, .value = info_.to_json(), .lease = session.lease()});
  txn.otherwise(etcd::RangeRequest{.key = key});  // from a try whose reply was lost
  const auto reply = recipe::patiently(ctx, [&](const Context& bounded) {
    return etcd::Kv(client).txn(bounded, txn, etcd::Repeat::safe);
  });
  if (!reply) return std::unexpected(in_context("session", reply.error()));
  recipe::Held held{"", key, reply->header.revision, reply->header.revision, session.lease()};
  if (!reply->succeeded) held.create_revision = reply->range(0).kvs.front().create_revision;
  return std::vector{held};
}

Result<run::Obstacle> SessionClaim::obstacle(const Context&, etcd::Client&, std::int64_t) {
  return run::Obstacle{};  // there is nobody to wait for but etcd
}

run::Variables SessionClaim::variables(const std::vector<recipe::Held>& held) const {
  return {{"COORD_SESSION", layout::lease_hex(held.front().lease)}};
}

}  // namespace coord::commands
