#include <algorithm>
#include <compare>

#include "fake/apply.hpp"

namespace coord::fake {
namespace {

using etcdserverpb::Compare;
using etcdserverpb::DeleteRangeRequest;
using etcdserverpb::DeleteRangeResponse;
using etcdserverpb::PutRequest;
using etcdserverpb::PutResponse;
using etcdserverpb::RequestOp;
using etcdserverpb::ResponseOp;

constexpr int kMostOps = 128;

grpc::Status invalid(const std::string& why) {
  return {grpc::StatusCode::INVALID_ARGUMENT, "etcdserver: " + why};
}

std::strong_ordering stored_against_given(const Compare& compare, const mvccpb::KeyValue& kv) {
  switch (compare.target()) {
    case Compare::VERSION:
      return kv.version() <=> compare.version();
    case Compare::CREATE:
      return kv.create_revision() <=> compare.create_revision();
    case Compare::MOD:
      return kv.mod_revision() <=> compare.mod_revision();
    case Compare::LEASE:
      return kv.lease() <=> compare.lease();
    default:
      return kv.value() <=> compare.value();
  }
}

bool holds_for(const Compare& compare, const mvccpb::KeyValue& kv) {
  const auto order = stored_against_given(compare, kv);
  switch (compare.result()) {
    case Compare::GREATER:
      return order > 0;
    case Compare::LESS:
      return order < 0;
    case Compare::NOT_EQUAL:
      return order != 0;
    default:
      return order == 0;
  }
}

grpc::Status check_put(const Cluster& cluster, const PutRequest& put) {
  if (put.key().empty()) return invalid("key is not provided");
  if (put.ignore_value() && !put.value().empty()) return invalid("value is provided");
  if (put.ignore_lease() && put.lease() != 0) return invalid("lease is provided");
  const bool needs_old = put.ignore_value() || put.ignore_lease();
  if (needs_old && !cluster.store.get(put.key())) return invalid("key not found");
  if (put.lease() != 0 && !cluster.leases.exists(put.lease())) return lease_not_found();
  return grpc::Status::OK;
}

grpc::Status check_op(const Cluster& cluster, const RequestOp& op) {
  if (op.has_request_put()) return check_put(cluster, op.request_put());
  if (op.has_request_delete_range() && op.request_delete_range().key().empty()) {
    return invalid("key is not provided");
  }
  if (op.has_request_txn()) {
    return {grpc::StatusCode::UNIMPLEMENTED, "fake etcd: no transactions within transactions"};
  }
  RangeReply ignored;
  return op.has_request_range() ? apply_range(cluster.store, op.request_range(), ignored)
                                : grpc::Status::OK;
}

// A key may be written once, whatever the order of puts and deletes.
bool writes_twice(const google::protobuf::RepeatedPtrField<RequestOp>& ops) {
  std::set<std::string> puts;
  for (const RequestOp& op : ops) {
    if (op.has_request_put() && !puts.insert(op.request_put().key()).second) return true;
  }
  return std::ranges::any_of(ops, [&puts](const RequestOp& op) {
    const auto& del = op.request_delete_range();
    const Span span{del.key(), del.range_end()};
    return op.has_request_delete_range() &&
           std::ranges::any_of(puts, [&span](const auto& key) { return span.contains(key); });
  });
}

void run_put(Write& write, const PutRequest& request, PutResponse& reply) {
  const auto before = write.store().get(request.key());
  write.put(request.key(), request.ignore_value() ? before->value() : request.value(),
            request.ignore_lease() ? before->lease() : request.lease());
  if (request.prev_kv() && before) *reply.mutable_prev_kv() = *before;
}

void run_delete(Write& write, const DeleteRangeRequest& request, DeleteRangeResponse& reply) {
  auto removed = write.remove({request.key(), request.range_end()});
  reply.set_deleted(static_cast<std::int64_t>(removed.size()));
  if (!request.prev_kv()) return;
  for (auto& kv : removed) *reply.add_prev_kvs() = std::move(kv);
}

void run_op(Write& write, const RequestOp& op, ResponseOp& reply) {
  if (op.has_request_put()) run_put(write, op.request_put(), *reply.mutable_response_put());
  if (op.has_request_delete_range()) {
    run_delete(write, op.request_delete_range(), *reply.mutable_response_delete_range());
  }
  if (op.has_request_range()) {
    auto& range = *reply.mutable_response_range();
    apply_range(write.store(), op.request_range(), range);
    range.mutable_header()->set_revision(write.revision());
  }
}

}  // namespace

grpc::Status lease_not_found() {
  return {grpc::StatusCode::NOT_FOUND, "etcdserver: requested lease not found"};
}

// As in etcd, a range without keys compares as a key that does not exist: everything 0, and never a
// value.
bool compare_holds(const Store& store, const Compare& compare) {
  const auto kvs = store.read({compare.key(), compare.range_end()});
  if (kvs.empty()) return compare.target() != Compare::VALUE && holds_for(compare, {});
  return std::ranges::all_of(kvs, [&](const auto& kv) { return holds_for(compare, kv); });
}

grpc::Status apply_txn(Cluster& cluster, const TxnRequest& request, TxnReply& reply) {
  const int most =
      std::max({request.compare_size(), request.success_size(), request.failure_size()});
  if (most > kMostOps) return invalid("too many operations in txn request");
  if (writes_twice(request.success()) || writes_twice(request.failure())) {
    return invalid("duplicate key given in txn request");
  }
  const bool succeeded = std::ranges::all_of(
      request.compare(), [&](const auto& c) { return compare_holds(cluster.store, c); });
  reply.set_succeeded(succeeded);
  const auto& branch = succeeded ? request.success() : request.failure();
  for (const RequestOp& op : branch) {
    if (grpc::Status refused = check_op(cluster, op); !refused.ok()) return refused;
  }
  Write write(cluster.store);
  for (const RequestOp& op : branch) run_op(write, op, *reply.add_responses());
  return grpc::Status::OK;
}

}  // namespace coord::fake
