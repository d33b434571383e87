// Internal. Between our values and etcd's messages; the only place that puts the client's key
// prefix on and takes it off.
#pragma once

#include "coord/etcd/kv.hpp"
#include "coord/etcd/watch.hpp"
#include "etcdserverpb/kv.pb.h"
#include "etcdserverpb/watch.pb.h"

namespace coord::etcd {

// A key and the end of its range under PREFIX. "To the end" becomes the end of the prefix.
void add_prefix(const std::string& prefix, std::string& key, std::string& range_end);

Header from_proto(const etcdserverpb::ResponseHeader& header);
KeyValue from_proto(const std::string& prefix, const mvccpb::KeyValue& kv);
RangeReply from_proto(const std::string& prefix, const etcdserverpb::RangeResponse& reply);
PutReply from_proto(const std::string& prefix, const etcdserverpb::PutResponse& reply);
DeleteReply from_proto(const std::string& prefix, const etcdserverpb::DeleteRangeResponse& reply);
TxnReply from_proto(const std::string& prefix, const etcdserverpb::TxnResponse& reply);
Event from_proto(const std::string& prefix, const mvccpb::Event& event);

etcdserverpb::RangeRequest to_proto(const std::string& prefix, const RangeRequest& request);
etcdserverpb::PutRequest to_proto(const std::string& prefix, const PutRequest& request);
etcdserverpb::DeleteRangeRequest to_proto(const std::string& prefix, const DeleteRequest& request);
etcdserverpb::TxnRequest to_proto(const std::string& prefix, const Txn& txn);
etcdserverpb::WatchCreateRequest to_proto(const std::string& prefix, const WatchRequest& request);

etcdserverpb::ResponseHeader to_proto(const Header& header);
// Left out of the message where all of it is zero.
template <typename Message>
void set_header(const Header& header, Message& message) {
  const bool empty = header.cluster_id == 0 && header.member_id == 0 && header.revision == 0 &&
                     header.raft_term == 0;
  if (!empty) *message.mutable_header() = to_proto(header);
}

}  // namespace coord::etcd
