#include "coord/etcd/wire_admin.hpp"

#include "coord/etcd/convert.hpp"
#include "etcdserverpb/auth.pb.h"
#include "etcdserverpb/cluster.pb.h"
#include "etcdserverpb/maintenance.pb.h"

namespace coord::etcd {
namespace {

void fill(const Member& member, etcdserverpb::Member& message) {
  message.set_id(member.id);
  message.set_name(member.name);
  for (const std::string& url : member.peer_urls) message.add_peerurls(url);
  for (const std::string& url : member.client_urls) message.add_clienturls(url);
  message.set_islearner(member.learner);
}

template <typename Message, typename Reply>
Message begun(const Reply& reply) {
  Message message;
  set_header(reply.header, message);
  return message;
}

}  // namespace

// Also of a change: header and members have the same numbers in all replies but that of an
// addition.
std::string wire(const MemberList& reply) {
  auto message = begun<etcdserverpb::MemberListResponse>(reply);
  for (const Member& member : reply.members) fill(member, *message.add_members());
  return message.SerializeAsString();
}

std::string wire(const MemberAdd& reply) {
  auto message = begun<etcdserverpb::MemberAddResponse>(reply);
  fill(reply.member, *message.mutable_member());
  for (const Member& member : reply.members) fill(member, *message.add_members());
  return message.SerializeAsString();
}

std::string wire(const AlarmList& reply) {
  etcdserverpb::AlarmResponse message;
  if (reply.header) set_header(*reply.header, message);
  for (const AlarmMember& each : reply.alarms) {
    etcdserverpb::AlarmMember& one = *message.add_alarms();
    one.set_memberid(each.member_id);
    one.set_alarm(static_cast<etcdserverpb::AlarmType>(each.alarm));
  }
  return message.SerializeAsString();
}

std::string wire(const DowngradeReply& reply) {
  auto message = begun<etcdserverpb::DowngradeResponse>(reply);
  message.set_version(reply.version);
  return message.SerializeAsString();
}

std::string wire(const AuthStatus& reply) {
  auto message = begun<etcdserverpb::AuthStatusResponse>(reply);
  message.set_enabled(reply.enabled);
  message.set_authrevision(reply.revision);
  return message.SerializeAsString();
}

// Users, all roles, or the roles of one user: the same numbers in all three.
std::string wire(const Names& reply) {
  auto message = begun<etcdserverpb::AuthRoleListResponse>(reply);
  for (const std::string& name : reply.names) message.add_roles(name);
  return message.SerializeAsString();
}

std::string wire(const RolePermissions& reply) {
  auto message = begun<etcdserverpb::AuthRoleGetResponse>(reply);
  for (const Permission& each : reply.permissions) {
    authpb::Permission& one = *message.add_perm();
    one.set_permtype(static_cast<authpb::Permission::Type>(each.type));
    one.set_key(each.key);
    one.set_range_end(each.range_end);
  }
  return message.SerializeAsString();
}

}  // namespace coord::etcd
