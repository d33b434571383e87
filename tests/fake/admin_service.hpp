// Internal. Of the services Maintenance and Auth what a client needs to find and to be let in, and
// what is asked of one member alone. As a server of 3.4 it does not know Downgrade.
#pragma once

#include "etcdserverpb/auth.grpc.pb.h"
#include "etcdserverpb/maintenance.grpc.pb.h"
#include "fake/gate.hpp"

namespace coord::fake {

class MaintenanceService final : public etcdserverpb::Maintenance::Service {
 public:
  explicit MaintenanceService(Gate& gate) : gate_(gate) {}

  grpc::Status Status(grpc::ServerContext* context, const etcdserverpb::StatusRequest* request,
                      etcdserverpb::StatusResponse* reply) override;
  grpc::Status Alarm(grpc::ServerContext* context, const etcdserverpb::AlarmRequest* request,
                     etcdserverpb::AlarmResponse* reply) override;
  grpc::Status Defragment(grpc::ServerContext* context,
                          const etcdserverpb::DefragmentRequest* request,
                          etcdserverpb::DefragmentResponse* reply) override;
  grpc::Status HashKV(grpc::ServerContext* context, const etcdserverpb::HashKVRequest* request,
                      etcdserverpb::HashKVResponse* reply) override;
  // Three pieces: "snap", "shot" and 32 times '#'. A fault comes after the first.
  grpc::Status Snapshot(grpc::ServerContext* context, const etcdserverpb::SnapshotRequest* request,
                        grpc::ServerWriter<etcdserverpb::SnapshotResponse>* pieces) override;
  grpc::Status MoveLeader(grpc::ServerContext* context,
                          const etcdserverpb::MoveLeaderRequest* request,
                          etcdserverpb::MoveLeaderResponse* reply) override;

 private:
  Gate& gate_;
};

class AuthService final : public etcdserverpb::Auth::Service {
 public:
  explicit AuthService(Gate& gate) : gate_(gate) {}

  grpc::Status Authenticate(grpc::ServerContext* context,
                            const etcdserverpb::AuthenticateRequest* request,
                            etcdserverpb::AuthenticateResponse* reply) override;

 private:
  Gate& gate_;
};

}  // namespace coord::fake
