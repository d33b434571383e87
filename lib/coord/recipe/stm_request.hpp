// Internal. Requests of a software transaction: the patience that they have, and the transaction
// that an attempt ends in.
#pragma once

#include "coord/recipe/patience.hpp"
#include "coord/recipe/stm.hpp"

namespace coord::recipe {

// patiently(), but no longer than OPTIONS say: then Code::unavailable.
template <typename Request>
auto ask(const Context& ctx, const StmOptions& options, const Request& request)
    -> decltype(request(ctx)) {
  if (!options.patience) return patiently(ctx, request);
  auto reply = patiently(ctx.at_most(*options.patience), request);
  if (!reply && reply.error().code == Code::timed_out && !ctx.expired())
    reply.error().code = Code::unavailable;
  return reply;
}

// IF, THEN and ELSE for what the attempt has read and wants written; see stm.hpp.
etcd::Txn commit_request(const Stm& attempt);

// Can that transaction take effect only once, however often it is sent? True when its own writes
// make its IF fail.
bool happens_once(const Stm& attempt);

// The lowest revision at which anything was read; nothing when nothing was.
std::optional<std::int64_t> first_revision(const Stm& attempt);

// etcd's refusal of a transaction with too many operations, with their number.
Result<etcd::TxnReply> explain_size(const etcd::Txn& txn, Result<etcd::TxnReply> reply);

}  // namespace coord::recipe
