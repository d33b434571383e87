#include "coord/recipe/election.hpp"

#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"
#include "coord/recipe/delete_contender.hpp"
#include "coord/recipe/entry.hpp"
#include "coord/recipe/patience.hpp"
#include "coord/recipe/wait.hpp"

namespace coord::recipe {

using etcd::CompareResult;

namespace {

etcd::Compare still_there(const CandidateKey& candidate) {
  return etcd::Compare::create(candidate.key, CompareResult::equal, candidate.create_revision);
}

}  // namespace

Candidate::Candidate(etcd::Client& client, const etcd::Session& session, std::string name,
                     std::string proposal, const HolderInfo& info)
    : client_(&client),
      lease_(session.lease()),
      name_(std::move(name)),
      prefix_(layout::lock_prefix(name_)),
      key_(layout::lock_key(name_, lease_)),
      proposal_(std::move(proposal)),
      holder_(info.to_json()) {}

etcd::Txn Candidate::request(etcd::Compare condition, bool with_holder) const {
  etcd::Txn txn;
  txn.when(std::move(condition));
  txn.then(etcd::PutRequest{.key = key_, .value = proposal_, .lease = lease_});
  if (with_holder) {
    txn.then(etcd::PutRequest{.key = layout::holder_key(key_), .value = holder_, .lease = lease_});
  }
  txn.then(etcd::RangeRequest::first_created(prefix_));
  txn.otherwise(etcd::RangeRequest{.key = key_});
  txn.otherwise(etcd::RangeRequest::first_created(prefix_));
  return txn;
}

// A user who may write under the election's name only does without the holder.
Result<etcd::TxnReply> Candidate::send(const Context& ctx, const etcd::Compare& condition,
                                       bool wait) {
  const auto attempt = [&](bool with_holder) {
    const etcd::Txn txn = request(condition, with_holder);
    const auto once = [&](const Context& bounded) {
      return etcd::Kv(*client_).txn(bounded, txn, etcd::Repeat::safe);
    };
    return wait ? patiently(ctx, once) : once(ctx.at_most(kRequestLimit));
  };
  auto reply = attempt(true);
  if (!reply && reply.error().code == Code::denied) reply = attempt(false);
  return as_loss(std::move(reply));
}

Result<Held> Candidate::campaign(const Context& ctx) {
  COORD_TRY_INTO(const auto reply,
                 send(ctx, etcd::Compare::create(key_, CompareResult::equal, 0), true));
  return settle(ctx, reply, true);
}

Result<Held> Candidate::try_campaign(const Context& ctx) {
  etcd::Compare nobody = etcd::Compare::create(prefix_, CompareResult::equal, 0);
  nobody.range_end = etcd::RangeRequest::prefix(prefix_).range_end;
  COORD_TRY_INTO(const auto reply, send(ctx, nobody, false));
  return settle(ctx, reply, false);
}

// What the transaction found: our key just made, or there from before (an attempt whose reply was
// lost, or an earlier campaign of this session); and the oldest candidate.
Result<Held> Candidate::settle(const Context& ctx, const etcd::TxnReply& reply, bool wait) {
  Held held{name_, key_, reply.header.revision, reply.header.revision, lease_};
  if (!reply.succeeded) {
    const auto& own = reply.range(0).kvs;
    if (own.empty()) return fail(Code::busy, "somebody else leads");
    held.create_revision = own.front().create_revision;
  }
  const auto& first = reply.range(reply.replies.size() - 1).kvs;
  const bool leads = !first.empty() && first.front().create_revision == held.create_revision;
  // A key of ours in line was not put by this try: another process of our session waits there.
  if (!leads && !wait) return fail(Code::busy, "somebody else leads");
  if (!reply.succeeded && reply.range(0).kvs.front().value != proposal_) {
    COORD_TRY(patiently(ctx, [&](const Context& bounded) {
      return proclaim(*client_, bounded, {key_, held.create_revision}, proposal_);
    }));
  }
  if (leads) return held;
  COORD_TRY_INTO(held.revision,
                 wait_for_turn(*client_, ctx, {prefix_, key_, held.create_revision}));
  return held;
}

// With the lease that the key has: whoever has read key and revision somewhere need not know it.
Result<std::int64_t> proclaim(etcd::Client& client, const Context& ctx,
                              const CandidateKey& candidate, const std::string& proposal) {
  etcd::Txn txn;
  txn.when(still_there(candidate));
  txn.then(etcd::PutRequest{.key = candidate.key, .value = proposal, .ignore_lease = true});
  COORD_TRY_INTO(const auto reply, etcd::Kv(client).txn(ctx, txn, etcd::Repeat::safe));
  if (reply.succeeded) return reply.header.revision;
  return fail(Code::lost, "no longer a candidate: key " + in_quotes(candidate.key) +
                              " of create revision " + std::to_string(candidate.create_revision) +
                              " is gone");
}

Result<bool> resign(etcd::Client& client, const Context& ctx, const CandidateKey& candidate) {
  COORD_TRY_INTO(const auto seen,
                 etcd::Kv(client).range(ctx, {.key = candidate.key, .keys_only = true}));
  const bool stood =
      !seen.kvs.empty() && seen.kvs.front().create_revision == candidate.create_revision;
  if (!stood) return false;
  etcd::Txn txn;
  txn.when(still_there(candidate));
  COORD_TRY(delete_contender(client, ctx, std::move(txn), candidate.key));
  return true;
}

Result<Leader> leader_of(etcd::Client& client, const Context& ctx, const std::string& name) {
  COORD_TRY_INTO(
      auto reply,
      etcd::Kv(client).range(ctx, etcd::RangeRequest::first_created(layout::lock_prefix(name))));
  if (reply.kvs.empty()) return fail(Code::not_found, "nobody leads " + in_quotes(name));
  return Leader{std::move(reply.kvs.front()), reply.header};
}

}  // namespace coord::recipe
