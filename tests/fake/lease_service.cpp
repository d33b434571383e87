#include "fake/lease_service.hpp"

#include "fake/apply.hpp"
#include "fake/stream.hpp"

namespace coord::fake {
namespace {

using etcdserverpb::LeaseKeepAliveRequest;
using etcdserverpb::LeaseKeepAliveResponse;

class KeepAliveStream final : public Stream<LeaseKeepAliveRequest, LeaseKeepAliveResponse> {
 public:
  KeepAliveStream(Gate& gate, const grpc::CallbackServerContext& context)
      : Stream(gate, context, "LeaseKeepAlive") {}

 private:
  void serve(std::unique_lock<std::mutex>& lock, const LeaseKeepAliveRequest& request) override {
    const Method method{.name = "LeaseKeepAlive", .needs_token = false};
    if (grpc::Status refused = gate_.enter(lock, caller_, method); !refused.ok()) {
      return end(refused);
    }
    Leases& leases = gate_.cluster.leases;
    LeaseKeepAliveResponse reply;
    *reply.mutable_header() = gate_.cluster.header(gate_.member);
    reply.set_id(request.id());
    if (leases.renew(request.id())) reply.set_ttl(leases.granted(request.id()).count());
    const grpc::Status lost = gate_.leave(method);
    if (lost.ok()) {
      send(reply);
    } else {
      end(lost);
    }
  }
};

}  // namespace

grpc::Status LeaseService::LeaseGrant(grpc::ServerContext* context,
                                      const etcdserverpb::LeaseGrantRequest* request,
                                      etcdserverpb::LeaseGrantResponse* reply) {
  return serve(gate_, context, {.name = "LeaseGrant"}, [&]() -> grpc::Status {
    Leases& leases = gate_.cluster.leases;
    const auto id = leases.grant(request->id(), std::chrono::seconds{request->ttl()});
    if (!id) {
      return {grpc::StatusCode::FAILED_PRECONDITION, "etcdserver: lease already exists"};
    }
    *reply->mutable_header() = gate_.cluster.header(gate_.member);
    reply->set_id(*id);
    reply->set_ttl(leases.granted(*id).count());
    return grpc::Status::OK;
  });
}

grpc::Status LeaseService::LeaseRevoke(grpc::ServerContext* context,
                                       const etcdserverpb::LeaseRevokeRequest* request,
                                       etcdserverpb::LeaseRevokeResponse* reply) {
  return serve(gate_, context, {.name = "LeaseRevoke"}, [&] {
    const bool ended = gate_.cluster.leases.end(request->id());
    *reply->mutable_header() = gate_.cluster.header(gate_.member);
    return ended ? grpc::Status::OK : lease_not_found();
  });
}

grpc::Status LeaseService::LeaseTimeToLive(grpc::ServerContext* context,
                                           const etcdserverpb::LeaseTimeToLiveRequest* request,
                                           etcdserverpb::LeaseTimeToLiveResponse* reply) {
  return serve(gate_, context, {.name = "LeaseTimeToLive"}, [&] {
    const Leases& leases = gate_.cluster.leases;
    *reply->mutable_header() = gate_.cluster.header(gate_.member);
    reply->set_id(request->id());
    reply->set_ttl(-1);
    if (!leases.exists(request->id())) return grpc::Status::OK;
    reply->set_ttl(leases.left(request->id()).count());
    reply->set_grantedttl(leases.granted(request->id()).count());
    if (!request->keys()) return grpc::Status::OK;
    for (const std::string& key : leases.keys(request->id())) reply->add_keys(key);
    return grpc::Status::OK;
  });
}

grpc::Status LeaseService::LeaseLeases(grpc::ServerContext* context,
                                       const etcdserverpb::LeaseLeasesRequest* /*request*/,
                                       etcdserverpb::LeaseLeasesResponse* reply) {
  return serve(gate_, context, {.name = "LeaseLeases"}, [&] {
    *reply->mutable_header() = gate_.cluster.header(gate_.member);
    for (const std::int64_t id : gate_.cluster.leases.ids()) reply->add_leases()->set_id(id);
    return grpc::Status::OK;
  });
}

grpc::ServerBidiReactor<LeaseKeepAliveRequest, LeaseKeepAliveResponse>*
LeaseService::LeaseKeepAlive(grpc::CallbackServerContext* context) {
  auto* stream = new KeepAliveStream(gate_, *context);  // gRPC's from here on: see Stream
  stream->start();
  return stream;
}

}  // namespace coord::fake
