// Internal. The service Cluster: a list of members that can be changed, and does nothing.
#pragma once

#include "etcdserverpb/cluster.grpc.pb.h"
#include "fake/gate.hpp"

namespace coord::fake {

class ClusterService final : public etcdserverpb::Cluster::Service {
 public:
  explicit ClusterService(Gate& gate) : gate_(gate) {}

  grpc::Status MemberList(grpc::ServerContext* context,
                          const etcdserverpb::MemberListRequest* request,
                          etcdserverpb::MemberListResponse* reply) override;
  grpc::Status MemberAdd(grpc::ServerContext* context,
                         const etcdserverpb::MemberAddRequest* request,
                         etcdserverpb::MemberAddResponse* reply) override;
  grpc::Status MemberRemove(grpc::ServerContext* context,
                            const etcdserverpb::MemberRemoveRequest* request,
                            etcdserverpb::MemberRemoveResponse* reply) override;
  grpc::Status MemberUpdate(grpc::ServerContext* context,
                            const etcdserverpb::MemberUpdateRequest* request,
                            etcdserverpb::MemberUpdateResponse* reply) override;
  grpc::Status MemberPromote(grpc::ServerContext* context,
                             const etcdserverpb::MemberPromoteRequest* request,
                             etcdserverpb::MemberPromoteResponse* reply) override;

 private:
  template <typename Reply, typename Change>
  grpc::Status change(grpc::ServerContext* context, const char* name, std::uint64_t id,
                      Reply* reply, const Change& change);

  Gate& gate_;
};

}  // namespace coord::fake
