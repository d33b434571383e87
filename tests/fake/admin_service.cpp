#include "fake/admin_service.hpp"

namespace coord::fake {

grpc::Status MaintenanceService::Status(grpc::ServerContext* context,
                                        const etcdserverpb::StatusRequest* /*request*/,
                                        etcdserverpb::StatusResponse* reply) {
  const Method method{.name = "Status", .needs_majority = false, .needs_token = false};
  return serve(gate_, context, method, [&] {
    *reply->mutable_header() = gate_.cluster.header(gate_.member);
    reply->set_version("3.4.23");
    reply->set_leader(gate_.leaderless ? 0 : gate_.member);
    if (gate_.leaderless) reply->add_errors("etcdserver: no leader");
    return grpc::Status::OK;
  });
}

grpc::Status AuthService::Authenticate(grpc::ServerContext* context,
                                       const etcdserverpb::AuthenticateRequest* request,
                                       etcdserverpb::AuthenticateResponse* reply) {
  const Method method{.name = "Authenticate", .needs_token = false};
  return serve(gate_, context, method, [&]() -> grpc::Status {
    Auth& auth = gate_.cluster.auth;
    if (auth.passwords.empty()) {
      return {grpc::StatusCode::FAILED_PRECONDITION, "etcdserver: authentication is not enabled"};
    }
    const auto user = auth.passwords.find(request->name());
    if (user == auth.passwords.end() || user->second != request->password()) {
      return {grpc::StatusCode::INVALID_ARGUMENT,
              "etcdserver: authentication failed, invalid user ID or password"};
    }
    *reply->mutable_header() = gate_.cluster.header(gate_.member);
    reply->set_token("token-" + std::to_string(++auth.last_token));
    auth.tokens.insert(reply->token());
    return grpc::Status::OK;
  });
}

}  // namespace coord::fake
