#include "coord/etcd/lease.hpp"

#include "coord/etcd/call.hpp"
#include "coord/etcd/convert.hpp"
#include "etcdserverpb/lease.grpc.pb.h"

namespace coord::etcd {

using Stub = etcdserverpb::Lease::Stub;
using std::chrono::seconds;

Result<LeaseGrant> Lease::grant(const Context& ctx, seconds ttl, std::int64_t id) {
  etcdserverpb::LeaseGrantRequest request;
  request.set_ttl(ttl.count());
  request.set_id(id);
  LeaseGrant grant;
  const CallSpec spec{.what = "lease grant", .repeat = Repeat::safe};
  COORD_TRY_INTO(const auto reply,
                 call(client_->transport(), ctx, spec, &Stub::LeaseGrant, request, &grant.sent));
  if (!reply.error().empty()) return fail(Code::bad_data, "lease grant: " + reply.error());
  grant.header = from_proto(reply.header());
  grant.id = reply.id();
  grant.ttl = seconds{reply.ttl()};
  return grant;
}

Result<Header> Lease::revoke(const Context& ctx, std::int64_t id) {
  etcdserverpb::LeaseRevokeRequest request;
  request.set_id(id);
  const CallSpec spec{.what = "lease revoke", .repeat = Repeat::safe};
  COORD_TRY_INTO(const auto reply,
                 call(client_->transport(), ctx, spec, &Stub::LeaseRevoke, request));
  return from_proto(reply.header());
}

Result<LeaseKeepAlive> Lease::keep_alive_once(const Context& ctx, std::int64_t id) {
  etcdserverpb::LeaseKeepAliveRequest request;
  request.set_id(id);
  etcdserverpb::LeaseKeepAliveResponse reply;
  LeaseKeepAlive renewed;
  // Servers renew for whoever knows the id: what is held outlives a password that was changed.
  CallSpec spec{.what = "lease keep-alive", .repeat = Repeat::safe, .login = Login::once};
  const auto renew = [&](const auto& channel, grpc::ClientContext& context) {
    Stub stub(channel);
    const auto stream = stub.LeaseKeepAlive(&context);
    renewed.sent = BootClock::now();
    const bool answered = stream->Write(request) && stream->Read(&reply);
    if (answered) context.TryCancel();
    const grpc::Status status = stream->Finish();
    if (answered) return grpc::Status::OK;
    return status.ok() ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server closed the stream")
                       : status;
  };
  auto done = client_->transport().run(ctx, spec, renew);
  if (!done && done.error().code == Code::denied) {  // this server asks all the same
    spec.login = Login::needed;
    done = client_->transport().run(ctx, spec, renew);
  }
  COORD_TRY(std::move(done));
  renewed.header = from_proto(reply.header());
  renewed.id = reply.id();
  renewed.ttl = seconds{reply.ttl()};
  return renewed;
}

Result<LeaseTimeToLive> Lease::time_to_live(const Context& ctx, std::int64_t id, bool keys) {
  etcdserverpb::LeaseTimeToLiveRequest request;
  request.set_id(id);
  request.set_keys(keys);
  const CallSpec spec{.what = "lease timetolive", .repeat = Repeat::safe};
  COORD_TRY_INTO(const auto reply,
                 call(client_->transport(), ctx, spec, &Stub::LeaseTimeToLive, request));
  LeaseTimeToLive left{from_proto(reply.header()),
                       reply.id(),
                       seconds{reply.ttl()},
                       seconds{reply.grantedttl()},
                       {}};
  const std::size_t prefix = client_->options().name_space.size();
  for (const std::string& key : reply.keys()) {
    if (key.starts_with(client_->options().name_space)) left.keys.push_back(key.substr(prefix));
  }
  return left;
}

Result<LeaseList> Lease::list(const Context& ctx) {
  const CallSpec spec{.what = "lease list", .repeat = Repeat::safe};
  COORD_TRY_INTO(const auto reply, call(client_->transport(), ctx, spec, &Stub::LeaseLeases,
                                        etcdserverpb::LeaseLeasesRequest{}));
  LeaseList list{from_proto(reply.header()), {}};
  for (const auto& lease : reply.leases()) list.leases.push_back(lease.id());
  return list;
}

}  // namespace coord::etcd
