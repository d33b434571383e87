// Internal. The KV service of one member of a fake cluster.
#pragma once

#include "etcdserverpb/kv.grpc.pb.h"
#include "fake/gate.hpp"

namespace coord::fake {

class KvService final : public etcdserverpb::KV::Service {
 public:
  explicit KvService(Gate& gate) : gate_(gate) {}

  grpc::Status Range(grpc::ServerContext* context, const etcdserverpb::RangeRequest* request,
                     etcdserverpb::RangeResponse* reply) override;
  grpc::Status Put(grpc::ServerContext* context, const etcdserverpb::PutRequest* request,
                   etcdserverpb::PutResponse* reply) override;
  grpc::Status DeleteRange(grpc::ServerContext* context,
                           const etcdserverpb::DeleteRangeRequest* request,
                           etcdserverpb::DeleteRangeResponse* reply) override;
  grpc::Status Txn(grpc::ServerContext* context, const etcdserverpb::TxnRequest* request,
                   etcdserverpb::TxnResponse* reply) override;
  grpc::Status Compact(grpc::ServerContext* context, const etcdserverpb::CompactionRequest* request,
                       etcdserverpb::CompactionResponse* reply) override;

 private:
  Gate& gate_;
};

}  // namespace coord::fake
