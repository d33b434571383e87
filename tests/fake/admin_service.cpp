#include "fake/admin_service.hpp"

#include <algorithm>

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

grpc::Status MaintenanceService::Alarm(grpc::ServerContext* context,
                                       const etcdserverpb::AlarmRequest* request,
                                       etcdserverpb::AlarmResponse* reply) {
  return serve(gate_, context, {.name = "Alarm"}, [&] {
    auto& alarms = gate_.cluster.alarms;
    etcdserverpb::AlarmMember asked;
    asked.set_memberid(request->memberid());
    asked.set_alarm(request->alarm());
    const auto is_asked = [&](const etcdserverpb::AlarmMember& each) {
      return each.memberid() == asked.memberid() && each.alarm() == asked.alarm();
    };
    if (request->action() == etcdserverpb::AlarmRequest::GET) {
      for (const auto& each : alarms) *reply->add_alarms() = each;
    } else {
      std::erase_if(alarms, is_asked);
      *reply->add_alarms() = asked;
      if (request->action() == etcdserverpb::AlarmRequest::ACTIVATE) alarms.push_back(asked);
    }
    return grpc::Status::OK;
  });
}

grpc::Status MaintenanceService::Defragment(grpc::ServerContext* context,
                                            const etcdserverpb::DefragmentRequest* /*request*/,
                                            etcdserverpb::DefragmentResponse* /*reply*/) {
  const Method method{.name = "Defragment", .needs_majority = false};
  return serve(gate_, context, method, [] { return grpc::Status::OK; });
}

grpc::Status MaintenanceService::HashKV(grpc::ServerContext* context,
                                        const etcdserverpb::HashKVRequest* request,
                                        etcdserverpb::HashKVResponse* reply) {
  const Method method{.name = "HashKV", .needs_majority = false};
  return serve(gate_, context, method, [&] {
    *reply->mutable_header() = gate_.cluster.header(gate_.member);
    reply->set_hash(4000000000U + static_cast<std::uint32_t>(request->revision()));
    reply->set_compact_revision(7);
    return grpc::Status::OK;
  });
}

grpc::Status MaintenanceService::Snapshot(
    grpc::ServerContext* context, const etcdserverpb::SnapshotRequest* /*request*/,
    grpc::ServerWriter<etcdserverpb::SnapshotResponse>* pieces) {
  const Method method{.name = "Snapshot", .needs_majority = false};
  return serve(gate_, context, method, [&] {
    std::uint64_t left = 8;
    for (const std::string& blob :
         {std::string("snap"), std::string("shot"), std::string(32, '#')}) {
      etcdserverpb::SnapshotResponse piece;
      left -= std::min<std::uint64_t>(left, blob.size());
      piece.set_blob(blob);
      piece.set_remaining_bytes(left);
      pieces->Write(piece);
      if (grpc::Status fault = gate_.leave(method); !fault.ok()) return fault;
    }
    return grpc::Status::OK;
  });
}

grpc::Status MaintenanceService::MoveLeader(grpc::ServerContext* context,
                                            const etcdserverpb::MoveLeaderRequest* request,
                                            etcdserverpb::MoveLeaderResponse* /*reply*/) {
  return serve(gate_, context, {.name = "MoveLeader"}, [&]() -> grpc::Status {
    for (const auto& member : gate_.cluster.roster)
      if (member.id() == request->targetid()) return grpc::Status::OK;
    return {grpc::StatusCode::FAILED_PRECONDITION, "etcdserver: bad leader transferee"};
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
