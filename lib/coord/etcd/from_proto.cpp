#include "coord/etcd/convert.hpp"

namespace coord::etcd {

Header from_proto(const etcdserverpb::ResponseHeader& header) {
  return {header.cluster_id(), header.member_id(), header.revision(), header.raft_term()};
}

KeyValue from_proto(const std::string& prefix, const mvccpb::KeyValue& kv) {
  return {kv.key().substr(std::min(prefix.size(), kv.key().size())),
          kv.value(),
          kv.create_revision(),
          kv.mod_revision(),
          kv.version(),
          kv.lease()};
}

RangeReply from_proto(const std::string& prefix, const etcdserverpb::RangeResponse& reply) {
  RangeReply range{from_proto(reply.header()), {}, reply.more(), reply.count()};
  range.kvs.reserve(static_cast<std::size_t>(reply.kvs_size()));
  for (const auto& kv : reply.kvs()) range.kvs.push_back(from_proto(prefix, kv));
  return range;
}

PutReply from_proto(const std::string& prefix, const etcdserverpb::PutResponse& reply) {
  PutReply put{from_proto(reply.header()), std::nullopt};
  if (reply.has_prev_kv()) put.prev_kv = from_proto(prefix, reply.prev_kv());
  return put;
}

DeleteReply from_proto(const std::string& prefix, const etcdserverpb::DeleteRangeResponse& reply) {
  DeleteReply removed{from_proto(reply.header()), reply.deleted(), {}};
  for (const auto& kv : reply.prev_kvs()) removed.prev_kvs.push_back(from_proto(prefix, kv));
  return removed;
}

TxnReply from_proto(const std::string& prefix, const etcdserverpb::TxnResponse& reply) {
  TxnReply txn{from_proto(reply.header()), reply.succeeded(), {}};
  for (const auto& op : reply.responses()) {
    if (op.has_response_range()) txn.replies.emplace_back(from_proto(prefix, op.response_range()));
    if (op.has_response_put()) txn.replies.emplace_back(from_proto(prefix, op.response_put()));
    if (op.has_response_delete_range()) {
      txn.replies.emplace_back(from_proto(prefix, op.response_delete_range()));
    }
  }
  return txn;
}

Event from_proto(const std::string& prefix, const mvccpb::Event& event) {
  const bool removed = event.type() == mvccpb::Event::DELETE;
  Event result{removed ? Event::Type::remove : Event::Type::put, from_proto(prefix, event.kv()),
               std::nullopt};
  if (event.has_prev_kv()) result.prev_kv = from_proto(prefix, event.prev_kv());
  return result;
}

}  // namespace coord::etcd
