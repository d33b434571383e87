#include "fake/kv_service.hpp"

#include "fake/apply.hpp"

namespace coord::fake {
namespace {

// A put or delete alone is a transaction of one step.
template <typename Fill>
grpc::Status apply_alone(Cluster& cluster, const Fill& fill, TxnReply& reply) {
  TxnRequest request;
  fill(*request.add_success());
  return apply_txn(cluster, request, reply);
}

}  // namespace

grpc::Status KvService::Range(grpc::ServerContext* context,
                              const etcdserverpb::RangeRequest* request,
                              etcdserverpb::RangeResponse* reply) {
  const Method method{.name = "Range", .needs_majority = !request->serializable()};
  return serve(gate_, context, method, [&] {
    const grpc::Status status = apply_range(gate_.cluster.store, *request, *reply);
    *reply->mutable_header() = gate_.cluster.header(gate_.member);
    return status;
  });
}

grpc::Status KvService::Put(grpc::ServerContext* context, const etcdserverpb::PutRequest* request,
                            etcdserverpb::PutResponse* reply) {
  return serve(gate_, context, {.name = "Put"}, [&] {
    TxnReply txn;
    const auto fill = [&](auto& op) { *op.mutable_request_put() = *request; };
    grpc::Status status = apply_alone(gate_.cluster, fill, txn);
    if (status.ok()) *reply = txn.responses(0).response_put();
    *reply->mutable_header() = gate_.cluster.header(gate_.member);
    return status;
  });
}

grpc::Status KvService::DeleteRange(grpc::ServerContext* context,
                                    const etcdserverpb::DeleteRangeRequest* request,
                                    etcdserverpb::DeleteRangeResponse* reply) {
  return serve(gate_, context, {.name = "DeleteRange"}, [&] {
    TxnReply txn;
    const auto fill = [&](auto& op) { *op.mutable_request_delete_range() = *request; };
    grpc::Status status = apply_alone(gate_.cluster, fill, txn);
    if (status.ok()) *reply = txn.responses(0).response_delete_range();
    *reply->mutable_header() = gate_.cluster.header(gate_.member);
    return status;
  });
}

grpc::Status KvService::Txn(grpc::ServerContext* context, const etcdserverpb::TxnRequest* request,
                            etcdserverpb::TxnResponse* reply) {
  return serve(gate_, context, {.name = "Txn"}, [&] {
    const grpc::Status status = apply_txn(gate_.cluster, *request, *reply);
    *reply->mutable_header() = gate_.cluster.header(gate_.member);
    return status;
  });
}

grpc::Status KvService::Compact(grpc::ServerContext* context,
                                const etcdserverpb::CompactionRequest* request,
                                etcdserverpb::CompactionResponse* reply) {
  return serve(gate_, context, {.name = "Compact"}, [&] {
    const grpc::Status status = apply_compact(gate_.cluster.store, request->revision());
    *reply->mutable_header() = gate_.cluster.header(gate_.member);
    return status;
  });
}

}  // namespace coord::fake
