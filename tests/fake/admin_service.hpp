// Internal. Of the services Maintenance and Auth what a client needs to find and to be let in:
// Status and Authenticate.
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
