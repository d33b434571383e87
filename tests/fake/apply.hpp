// Internal. What etcd does with the requests of its KV service, apart from how they arrive. Under
// the cluster's lock.
//
// The header of a reply, or of a reply within a transaction's, gets its revision here and the rest
// from the service.
#pragma once

#include <grpcpp/support/status.h>

#include "etcdserverpb/kv.pb.h"
#include "fake/cluster.hpp"

namespace coord::fake {

using RangeRequest = etcdserverpb::RangeRequest;
using RangeReply = etcdserverpb::RangeResponse;
using TxnRequest = etcdserverpb::TxnRequest;
using TxnReply = etcdserverpb::TxnResponse;

grpc::Status apply_range(const Store& store, const RangeRequest& request, RangeReply& reply);
bool compare_holds(const Store& store, const etcdserverpb::Compare& compare);

// Checks the branch that will be taken before it changes anything.
grpc::Status apply_txn(Cluster& cluster, const TxnRequest& request, TxnReply& reply);

grpc::Status apply_compact(Store& store, std::int64_t revision);

// etcd's refusals.
grpc::Status compacted_revision();
grpc::Status lease_not_found();

}  // namespace coord::fake
