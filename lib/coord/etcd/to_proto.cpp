#include "coord/base/bytes.hpp"
#include "coord/etcd/convert.hpp"

namespace coord::etcd {
namespace {

// etcd's numbers for our enumerations, which are listed in the same order.
template <typename Proto, typename Ours>
Proto same(Ours value) {
  return static_cast<Proto>(static_cast<int>(value));
}

template <typename Message>
void set_range(const std::string& prefix, std::string key, std::string range_end,
               Message& message) {
  add_prefix(prefix, key, range_end);
  message.set_key(std::move(key));
  message.set_range_end(std::move(range_end));
}

void set_number(const Compare& compare, etcdserverpb::Compare& message) {
  switch (compare.target) {
    case CompareTarget::version:
      return message.set_version(compare.number);
    case CompareTarget::create:
      return message.set_create_revision(compare.number);
    case CompareTarget::mod:
      return message.set_mod_revision(compare.number);
    case CompareTarget::value:
      return message.set_value(compare.value);
    case CompareTarget::lease:
      return message.set_lease(compare.number);
  }
}

void add_op(const std::string& prefix, const Op& op, etcdserverpb::RequestOp& message) {
  if (const auto* range = std::get_if<RangeRequest>(&op))
    *message.mutable_request_range() = to_proto(prefix, *range);
  if (const auto* put = std::get_if<PutRequest>(&op))
    *message.mutable_request_put() = to_proto(prefix, *put);
  if (const auto* remove = std::get_if<DeleteRequest>(&op)) {
    *message.mutable_request_delete_range() = to_proto(prefix, *remove);
  }
}

}  // namespace

void add_prefix(const std::string& prefix, std::string& key, std::string& range_end) {
  if (prefix.empty()) return;
  const bool to_the_end = range_end == std::string(1, '\0');
  if (to_the_end && key == range_end) key.clear();  // "every key", written from "\0" on
  key.insert(0, prefix);
  if (to_the_end) {
    range_end = prefix_end(prefix);
  } else if (!range_end.empty()) {
    range_end.insert(0, prefix);
  }
}

etcdserverpb::RangeRequest to_proto(const std::string& prefix, const RangeRequest& request) {
  etcdserverpb::RangeRequest message;
  set_range(prefix, request.key, request.range_end, message);
  message.set_limit(request.limit);
  message.set_revision(request.revision);
  message.set_sort_order(same<etcdserverpb::RangeRequest::SortOrder>(request.order));
  message.set_sort_target(same<etcdserverpb::RangeRequest::SortTarget>(request.target));
  message.set_serializable(request.serializable);
  message.set_keys_only(request.keys_only);
  message.set_count_only(request.count_only);
  message.set_min_mod_revision(request.min_mod_revision);
  message.set_max_mod_revision(request.max_mod_revision);
  message.set_min_create_revision(request.min_create_revision);
  message.set_max_create_revision(request.max_create_revision);
  return message;
}

etcdserverpb::PutRequest to_proto(const std::string& prefix, const PutRequest& request) {
  etcdserverpb::PutRequest message;
  message.set_key(prefix + request.key);
  message.set_value(request.value);
  message.set_lease(request.lease);
  message.set_prev_kv(request.prev_kv);
  message.set_ignore_value(request.ignore_value);
  message.set_ignore_lease(request.ignore_lease);
  return message;
}

etcdserverpb::DeleteRangeRequest to_proto(const std::string& prefix, const DeleteRequest& request) {
  etcdserverpb::DeleteRangeRequest message;
  set_range(prefix, request.key, request.range_end, message);
  message.set_prev_kv(request.prev_kv);
  return message;
}

etcdserverpb::TxnRequest to_proto(const std::string& prefix, const Txn& txn) {
  etcdserverpb::TxnRequest message;
  for (const Compare& compare : txn.compares) {
    etcdserverpb::Compare& one = *message.add_compare();
    set_range(prefix, compare.key, compare.range_end, one);
    one.set_target(same<etcdserverpb::Compare::CompareTarget>(compare.target));
    one.set_result(same<etcdserverpb::Compare::CompareResult>(compare.result));
    set_number(compare, one);
  }
  for (const Op& op : txn.success) add_op(prefix, op, *message.add_success());
  for (const Op& op : txn.failure) add_op(prefix, op, *message.add_failure());
  return message;
}

etcdserverpb::WatchCreateRequest to_proto(const std::string& prefix, const WatchRequest& request) {
  etcdserverpb::WatchCreateRequest message;
  set_range(prefix, request.key, request.range_end, message);
  message.set_start_revision(request.start_revision);
  message.set_prev_kv(request.prev_kv);
  message.set_progress_notify(request.progress_notify);
  message.set_fragment(true);
  if (request.no_put) message.add_filters(etcdserverpb::WatchCreateRequest::NOPUT);
  if (request.no_delete) message.add_filters(etcdserverpb::WatchCreateRequest::NODELETE);
  return message;
}

etcdserverpb::ResponseHeader to_proto(const Header& header) {
  etcdserverpb::ResponseHeader message;
  message.set_cluster_id(header.cluster_id);
  message.set_member_id(header.member_id);
  message.set_revision(header.revision);
  message.set_raft_term(header.raft_term);
  return message;
}

}  // namespace coord::etcd
