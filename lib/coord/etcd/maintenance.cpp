#include "coord/etcd/maintenance.hpp"

#include "coord/etcd/call.hpp"
#include "coord/etcd/convert.hpp"
#include "etcdserverpb/maintenance.grpc.pb.h"

namespace coord::etcd {

using Stub = etcdserverpb::Maintenance::Stub;

namespace {

Result<AlarmList> ask_alarms(Client& client, const Context& ctx, const char* what,
                             etcdserverpb::AlarmRequest::AlarmAction action,
                             const AlarmMember& alarm) {
  etcdserverpb::AlarmRequest request;
  request.set_action(action);
  request.set_memberid(alarm.member_id);
  request.set_alarm(static_cast<etcdserverpb::AlarmType>(alarm.alarm));
  const CallSpec spec{.what = what, .repeat = Repeat::safe};
  COORD_TRY_INTO(const auto reply, call(client.transport(), ctx, spec, &Stub::Alarm, request));
  AlarmList list;
  if (reply.has_header()) list.header = from_proto(reply.header());
  for (const auto& each : reply.alarms())
    list.alarms.push_back({each.memberid(), static_cast<Alarm>(each.alarm())});
  return list;
}

}  // namespace

Result<std::unique_ptr<Client>> client_of_one(const Client& client, const std::string& endpoint) {
  Options options = client.options();
  options.endpoints = {endpoint};
  return Client::open(std::move(options));
}

Result<AlarmList> Maintenance::alarms(const Context& ctx) {
  return ask_alarms(*client_, ctx, "alarm list", etcdserverpb::AlarmRequest::GET, {});
}

Result<AlarmList> Maintenance::activate(const Context& ctx, const AlarmMember& alarm) {
  return ask_alarms(*client_, ctx, "alarm activate", etcdserverpb::AlarmRequest::ACTIVATE, alarm);
}

Result<AlarmList> Maintenance::disarm(const Context& ctx, const AlarmMember& alarm) {
  return ask_alarms(*client_, ctx, "alarm disarm", etcdserverpb::AlarmRequest::DEACTIVATE, alarm);
}

Result<MemberStatus> Maintenance::status(const Context& ctx) {
  const CallSpec spec{.what = "status", .repeat = Repeat::safe, .needs_leader = false};
  COORD_TRY_INTO(const auto reply, call(client_->transport(), ctx, spec, &Stub::Status,
                                        etcdserverpb::StatusRequest{}));
  MemberStatus status{.header = from_proto(reply.header()),
                      .version = reply.version(),
                      .db_size = reply.dbsize(),
                      .leader = reply.leader(),
                      .raft_index = reply.raftindex(),
                      .raft_term = reply.raftterm(),
                      .raft_applied_index = reply.raftappliedindex(),
                      .errors = {reply.errors().begin(), reply.errors().end()},
                      .db_size_in_use = reply.dbsizeinuse(),
                      .learner = reply.islearner(),
                      .storage_version = reply.storageversion(),
                      .db_size_quota = reply.dbsizequota(),
                      .downgrade = {}};
  if (reply.has_downgradeinfo()) {
    const auto& info = reply.downgradeinfo();
    status.downgrade = Downgrading{info.enabled(), info.targetversion()};
  }
  return status;
}

Result<> Maintenance::defragment(const Context& ctx) {
  const CallSpec spec{.what = "defragment", .needs_leader = false};
  COORD_TRY(
      call(client_->transport(), ctx, spec, &Stub::Defragment, etcdserverpb::DefragmentRequest{}));
  return {};
}

Result<HashKv> Maintenance::hash_kv(const Context& ctx, std::int64_t revision) {
  etcdserverpb::HashKVRequest request;
  request.set_revision(revision);
  const CallSpec spec{.what = "hash", .repeat = Repeat::safe, .needs_leader = false};
  COORD_TRY_INTO(const auto reply, call(client_->transport(), ctx, spec, &Stub::HashKV, request));
  return HashKv{from_proto(reply.header()), reply.hash(), reply.compact_revision(),
                reply.hash_revision()};
}

Result<std::string> Maintenance::snapshot(const Context& ctx, const SnapshotSink& sink) {
  std::string version;
  bool begun = false;
  Result<> taken;
  const auto attempt = [&](const auto& channel, grpc::ClientContext& context) -> grpc::Status {
    Stub stub(channel);
    const auto stream = stub.Snapshot(&context, {});
    etcdserverpb::SnapshotResponse piece;
    while (taken && stream->Read(&piece)) {
      begun = true;
      if (!piece.version().empty()) version = piece.version();
      taken = sink(piece.blob(), piece.remaining_bytes());
    }
    if (!taken) context.TryCancel();
    const grpc::Status status = stream->Finish();
    if (!taken) return grpc::Status::OK;
    if (status.ok() || !begun) return status;
    return {grpc::StatusCode::ABORTED, "broke off: " + status.error_message()};  // for good
  };
  const CallSpec spec{.what = "snapshot", .needs_leader = false};
  auto done = client_->transport().run(ctx, spec, attempt);
  COORD_TRY(taken);
  if (!done) {
    done.error().uncertain = false;
    done.error().hint.clear();
    return std::unexpected(done.error());
  }
  return version;
}

Result<> Maintenance::move_leader(const Context& ctx, std::uint64_t target) {
  etcdserverpb::MoveLeaderRequest request;
  request.set_targetid(target);
  const CallSpec spec{.what = "move-leader"};
  COORD_TRY(call(client_->transport(), ctx, spec, &Stub::MoveLeader, request));
  return {};
}

Result<DowngradeReply> Maintenance::downgrade(const Context& ctx, DowngradeAction action,
                                              const std::string& version) {
  using Request = etcdserverpb::DowngradeRequest;
  Request request;
  request.set_action(action == DowngradeAction::validate ? Request::VALIDATE
                     : action == DowngradeAction::enable ? Request::ENABLE
                                                         : Request::CANCEL);
  request.set_version(version);
  const CallSpec spec{.what = "downgrade"};
  COORD_TRY_INTO(const auto reply,
                 call(client_->transport(), ctx, spec, &Stub::Downgrade, request));
  return DowngradeReply{from_proto(reply.header()), reply.version()};
}

}  // namespace coord::etcd
