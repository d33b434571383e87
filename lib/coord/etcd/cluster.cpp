#include "coord/etcd/cluster.hpp"

#include "coord/etcd/call.hpp"
#include "coord/etcd/convert.hpp"
#include "etcdserverpb/cluster.grpc.pb.h"

namespace coord::etcd {

using Stub = etcdserverpb::Cluster::Stub;

namespace {

Member to_member(const etcdserverpb::Member& member) {
  return {.id = member.id(),
          .name = member.name(),
          .peer_urls = {member.peerurls().begin(), member.peerurls().end()},
          .client_urls = {member.clienturls().begin(), member.clienturls().end()},
          .learner = member.islearner()};
}

template <typename Reply>
std::vector<Member> members_of(const Reply& reply) {
  std::vector<Member> members;
  for (const auto& member : reply.members()) members.push_back(to_member(member));
  return members;
}

}  // namespace

Result<MemberList> Cluster::list(const Context& ctx, Consistency consistency) {
  etcdserverpb::MemberListRequest request;
  request.set_linearizable(consistency == Consistency::linearizable);
  const CallSpec spec{
      .what = "member list", .repeat = Repeat::safe, .needs_leader = request.linearizable()};
  COORD_TRY_INTO(const auto reply,
                 call(client_->transport(), ctx, spec, &Stub::MemberList, request));
  return MemberList{from_proto(reply.header()), members_of(reply)};
}

Result<MemberAdd> Cluster::add(const Context& ctx, const std::vector<std::string>& peer_urls,
                               bool learner) {
  etcdserverpb::MemberAddRequest request;
  for (const std::string& url : peer_urls) request.add_peerurls(url);
  request.set_islearner(learner);
  const CallSpec spec{.what = "member add"};
  COORD_TRY_INTO(const auto reply,
                 call(client_->transport(), ctx, spec, &Stub::MemberAdd, request));
  return MemberAdd{from_proto(reply.header()), to_member(reply.member()), members_of(reply)};
}

Result<MemberList> Cluster::remove(const Context& ctx, std::uint64_t id) {
  etcdserverpb::MemberRemoveRequest request;
  request.set_id(id);
  const CallSpec spec{.what = "member remove"};
  COORD_TRY_INTO(const auto reply,
                 call(client_->transport(), ctx, spec, &Stub::MemberRemove, request));
  return MemberList{from_proto(reply.header()), members_of(reply)};
}

Result<MemberList> Cluster::update(const Context& ctx, std::uint64_t id,
                                   const std::vector<std::string>& peer_urls) {
  etcdserverpb::MemberUpdateRequest request;
  request.set_id(id);
  for (const std::string& url : peer_urls) request.add_peerurls(url);
  const CallSpec spec{.what = "member update", .repeat = Repeat::safe};
  COORD_TRY_INTO(const auto reply,
                 call(client_->transport(), ctx, spec, &Stub::MemberUpdate, request));
  return MemberList{from_proto(reply.header()), members_of(reply)};
}

Result<MemberList> Cluster::promote(const Context& ctx, std::uint64_t id) {
  etcdserverpb::MemberPromoteRequest request;
  request.set_id(id);
  const CallSpec spec{.what = "member promote"};
  COORD_TRY_INTO(const auto reply,
                 call(client_->transport(), ctx, spec, &Stub::MemberPromote, request));
  return MemberList{from_proto(reply.header()), members_of(reply)};
}

}  // namespace coord::etcd
