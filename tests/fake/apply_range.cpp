#include <algorithm>
#include <compare>

#include "fake/apply.hpp"

namespace coord::fake {
namespace {

using mvccpb::KeyValue;

bool within(std::int64_t value, std::int64_t low, std::int64_t high) {
  return (low == 0 || value >= low) && (high == 0 || value <= high);
}

bool wanted(const RangeRequest& request, const KeyValue& kv) {
  return within(kv.mod_revision(), request.min_mod_revision(), request.max_mod_revision()) &&
         within(kv.create_revision(), request.min_create_revision(), request.max_create_revision());
}

std::strong_ordering by_target(RangeRequest::SortTarget target, const KeyValue& a,
                               const KeyValue& b) {
  switch (target) {
    case RangeRequest::VERSION:
      return a.version() <=> b.version();
    case RangeRequest::CREATE:
      return a.create_revision() <=> b.create_revision();
    case RangeRequest::MOD:
      return a.mod_revision() <=> b.mod_revision();
    case RangeRequest::VALUE:
      return a.value() <=> b.value();
    default:
      return a.key() <=> b.key();
  }
}

// Ties, which etcd leaves open, in key order.
void sort(const RangeRequest& request, std::vector<KeyValue>& kvs) {
  const bool descend = request.sort_order() == RangeRequest::DESCEND;
  std::ranges::sort(kvs, [&](const KeyValue& a, const KeyValue& b) {
    const auto order = by_target(request.sort_target(), descend ? b : a, descend ? a : b);
    return order == 0 ? a.key() < b.key() : order < 0;
  });
}

grpc::Status check(const Store& store, const RangeRequest& request) {
  if (request.key().empty()) {
    return {grpc::StatusCode::INVALID_ARGUMENT, "etcdserver: key is not provided"};
  }
  if (request.revision() > store.revision()) {
    return {grpc::StatusCode::OUT_OF_RANGE,
            "etcdserver: mvcc: required revision is a future revision"};
  }
  const bool too_old = request.revision() > 0 && request.revision() < store.compacted();
  return too_old ? compacted_revision() : grpc::Status::OK;
}

}  // namespace

grpc::Status compacted_revision() {
  return {grpc::StatusCode::OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted"};
}

grpc::Status apply_range(const Store& store, const RangeRequest& request, RangeReply& reply) {
  if (grpc::Status refused = check(store, request); !refused.ok()) return refused;
  auto kvs = store.read({request.key(), request.range_end()}, request.revision());
  reply.set_count(static_cast<std::int64_t>(kvs.size()));
  if (request.count_only()) return grpc::Status::OK;
  std::erase_if(kvs, [&](const KeyValue& kv) { return !wanted(request, kv); });
  sort(request, kvs);
  const auto limit = static_cast<std::size_t>(request.limit());
  if (limit > 0 && kvs.size() > limit) {
    kvs.resize(limit);
    reply.set_more(true);
  }
  for (KeyValue& kv : kvs) {
    if (request.keys_only()) kv.clear_value();
    *reply.add_kvs() = std::move(kv);
  }
  return grpc::Status::OK;
}

grpc::Status apply_compact(Store& store, std::int64_t revision) {
  if (revision <= store.compacted()) return compacted_revision();
  if (revision > store.revision()) {
    return {grpc::StatusCode::OUT_OF_RANGE,
            "etcdserver: mvcc: required revision is a future revision"};
  }
  store.compact(revision);
  return grpc::Status::OK;
}

}  // namespace coord::fake
