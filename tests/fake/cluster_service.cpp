#include "fake/cluster_service.hpp"

#include <algorithm>

namespace coord::fake {
namespace {

// What etcd leaves out of the header here: the store was not asked.
template <typename Reply>
grpc::Status tell(const Gate& gate, Reply* reply) {
  *reply->mutable_header() = gate.cluster.header(gate.member);
  reply->mutable_header()->clear_revision();
  for (const auto& member : gate.cluster.roster) *reply->add_members() = member;
  return grpc::Status::OK;
}

}  // namespace

grpc::Status ClusterService::MemberList(grpc::ServerContext* context,
                                        const etcdserverpb::MemberListRequest* request,
                                        etcdserverpb::MemberListResponse* reply) {
  const Method method{.name = "MemberList", .needs_majority = request->linearizable()};
  return serve(gate_, context, method, [&] { return tell(gate_, reply); });
}

grpc::Status ClusterService::MemberAdd(grpc::ServerContext* context,
                                       const etcdserverpb::MemberAddRequest* request,
                                       etcdserverpb::MemberAddResponse* reply) {
  return serve(gate_, context, {.name = "MemberAdd"}, [&] {
    etcdserverpb::Member& member = gate_.cluster.roster.emplace_back();
    member.set_id(0xad0 + gate_.cluster.roster.size());
    *member.mutable_peerurls() = request->peerurls();
    member.set_islearner(request->islearner());
    *reply->mutable_member() = member;
    return tell(gate_, reply);
  });
}

template <typename Reply, typename Change>
grpc::Status ClusterService::change(grpc::ServerContext* context, const char* name,
                                    std::uint64_t id, Reply* reply, const Change& change) {
  return serve(gate_, context, {.name = name}, [&]() -> grpc::Status {
    auto& roster = gate_.cluster.roster;
    const auto member = std::ranges::find(roster, id, &etcdserverpb::Member::id);
    if (member == roster.end())
      return {grpc::StatusCode::NOT_FOUND, "etcdserver: member not found"};
    change(roster, member);
    return tell(gate_, reply);
  });
}

grpc::Status ClusterService::MemberRemove(grpc::ServerContext* context,
                                          const etcdserverpb::MemberRemoveRequest* request,
                                          etcdserverpb::MemberRemoveResponse* reply) {
  return change(context, "MemberRemove", request->id(), reply,
                [](auto& roster, auto member) { roster.erase(member); });
}

grpc::Status ClusterService::MemberUpdate(grpc::ServerContext* context,
                                          const etcdserverpb::MemberUpdateRequest* request,
                                          etcdserverpb::MemberUpdateResponse* reply) {
  return change(context, "MemberUpdate", request->id(), reply,
                [&](auto&, auto member) { *member->mutable_peerurls() = request->peerurls(); });
}

grpc::Status ClusterService::MemberPromote(grpc::ServerContext* context,
                                           const etcdserverpb::MemberPromoteRequest* request,
                                           etcdserverpb::MemberPromoteResponse* reply) {
  return change(context, "MemberPromote", request->id(), reply,
                [](auto&, auto member) { member->set_islearner(false); });
}

}  // namespace coord::fake
