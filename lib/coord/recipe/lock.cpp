#include "coord/recipe/lock.hpp"

#include "coord/base/layout.hpp"
#include "coord/recipe/patience.hpp"
#include "coord/recipe/wait.hpp"

namespace coord::recipe {

using etcd::CompareResult;

Lock::Lock(etcd::Client& client, const etcd::Session& session, std::string name, HolderInfo info)
    : client_(&client),
      lease_(session.lease()),
      name_(std::move(name)),
      prefix_(layout::lock_prefix(name_)),
      key_(layout::lock_key(name_, lease_)),
      value_(info.to_json()) {}

namespace {

// The put names our lease; that it is not there means that we have lost it.
Result<etcd::TxnReply> as_loss(Result<etcd::TxnReply> reply) {
  if (!reply && reply.error().code == Code::not_found) reply.error().code = Code::lost;
  return reply;
}

}  // namespace

Result<Held> Lock::acquire(const Context& ctx) {
  etcd::Txn txn;
  txn.when(etcd::Compare::create(key_, CompareResult::equal, 0));
  txn.then(etcd::PutRequest{.key = key_, .value = value_, .lease = lease_});
  txn.then(etcd::RangeRequest::first_created(prefix_));
  txn.otherwise(etcd::RangeRequest{.key = key_});
  txn.otherwise(etcd::RangeRequest::first_created(prefix_));
  COORD_TRY_INTO(const etcd::TxnReply reply, as_loss(patiently(ctx, [&](const Context& bounded) {
                   return etcd::Kv(*client_).txn(bounded, txn, etcd::Repeat::safe);
                 })));
  return settle(ctx, reply, true);
}

Result<Held> Lock::try_acquire(const Context& ctx) {
  etcd::Compare nobody = etcd::Compare::create(prefix_, CompareResult::equal, 0);
  nobody.range_end = etcd::RangeRequest::prefix(prefix_).range_end;
  etcd::Txn txn;
  txn.when(std::move(nobody));
  txn.then(etcd::PutRequest{.key = key_, .value = value_, .lease = lease_});
  txn.then(etcd::RangeRequest::first_created(prefix_));
  txn.otherwise(etcd::RangeRequest{.key = key_});
  txn.otherwise(etcd::RangeRequest::first_created(prefix_));
  COORD_TRY_INTO(
      const etcd::TxnReply reply,
      as_loss(etcd::Kv(*client_).txn(ctx.at_most(kRequestLimit), txn, etcd::Repeat::safe)));
  return settle(ctx, reply, false);
}

// What the transaction found: our key just made, or there from an attempt whose reply was lost; and
// the oldest contender.
Result<Held> Lock::settle(const Context& ctx, const etcd::TxnReply& reply, bool wait) {
  Held held{name_, key_, reply.header.revision, reply.header.revision, lease_};
  if (!reply.succeeded) {
    const auto& own = reply.range(0).kvs;
    if (own.empty()) return fail(Code::busy, "somebody else has it");
    held.create_revision = own.front().create_revision;
  }
  const auto& first = reply.range(1).kvs;
  if (!first.empty() && first.front().create_revision == held.create_revision) return held;
  // A key of ours in line was not put by this try: another process of our session waits there.
  if (!wait) return fail(Code::busy, "somebody else has it");
  COORD_TRY_INTO(held.revision,
                 wait_for_turn(*client_, ctx, {prefix_, key_, held.create_revision}));
  return held;
}

Result<> Lock::release(const Context& ctx, const Held& held) {
  etcd::Txn txn;
  txn.when(held.is_held()).then(etcd::DeleteRequest{.key = key_});
  COORD_TRY(etcd::Kv(*client_).txn(ctx, txn, etcd::Repeat::safe));
  return {};
}

}  // namespace coord::recipe
