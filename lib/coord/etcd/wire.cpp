#include "coord/etcd/wire.hpp"

#include "coord/etcd/convert.hpp"
#include "etcdserverpb/lease.pb.h"

namespace coord::etcd {
namespace {

void fill(const KeyValue& kv, mvccpb::KeyValue& message) {
  message.set_key(kv.key);
  message.set_value(kv.value);
  message.set_create_revision(kv.create_revision);
  message.set_mod_revision(kv.mod_revision);
  message.set_version(kv.version);
  message.set_lease(kv.lease);
}

void fill(const RangeReply& reply, etcdserverpb::RangeResponse& message) {
  set_header(reply.header, message);
  for (const KeyValue& kv : reply.kvs) fill(kv, *message.add_kvs());
  message.set_more(reply.more);
  message.set_count(reply.count);
}

void fill(const PutReply& reply, etcdserverpb::PutResponse& message) {
  set_header(reply.header, message);
  if (reply.prev_kv) fill(*reply.prev_kv, *message.mutable_prev_kv());
}

void fill(const DeleteReply& reply, etcdserverpb::DeleteRangeResponse& message) {
  set_header(reply.header, message);
  message.set_deleted(reply.deleted);
  for (const KeyValue& kv : reply.prev_kvs) fill(kv, *message.add_prev_kvs());
}

void fill(const OpReply& reply, etcdserverpb::ResponseOp& message) {
  if (const auto* range = std::get_if<RangeReply>(&reply))
    fill(*range, *message.mutable_response_range());
  if (const auto* put = std::get_if<PutReply>(&reply)) fill(*put, *message.mutable_response_put());
  if (const auto* removed = std::get_if<DeleteReply>(&reply))
    fill(*removed, *message.mutable_response_delete_range());
}

void fill(const TxnReply& reply, etcdserverpb::TxnResponse& message) {
  set_header(reply.header, message);
  message.set_succeeded(reply.succeeded);
  for (const OpReply& each : reply.replies) fill(each, *message.add_responses());
}

void fill(const Event& event, mvccpb::Event& message) {
  const bool removed = event.type == Event::Type::remove;
  message.set_type(removed ? mvccpb::Event::DELETE : mvccpb::Event::PUT);
  fill(event.kv, *message.mutable_kv());
  if (event.prev_kv) fill(*event.prev_kv, *message.mutable_prev_kv());
}

void fill(const WatchReply& reply, etcdserverpb::WatchResponse& message) {
  using Kind = WatchReply::Kind;
  set_header(reply.header, message);
  message.set_created(reply.kind == Kind::created);
  message.set_canceled(reply.kind == Kind::cancelled || reply.kind == Kind::compacted);
  message.set_compact_revision(reply.compact_revision);
  for (const Event& event : reply.events) fill(event, *message.add_events());
}

void fill(const LeaseGrant& reply, etcdserverpb::LeaseGrantResponse& message) {
  set_header(reply.header, message);
  message.set_id(reply.id);
  message.set_ttl(reply.ttl.count());
}

void fill(const LeaseKeepAlive& reply, etcdserverpb::LeaseKeepAliveResponse& message) {
  set_header(reply.header, message);
  message.set_id(reply.id);
  message.set_ttl(reply.ttl.count());
}

void fill(const LeaseTimeToLive& reply, etcdserverpb::LeaseTimeToLiveResponse& message) {
  set_header(reply.header, message);
  message.set_id(reply.id);
  message.set_ttl(reply.ttl.count());
  message.set_grantedttl(reply.granted_ttl.count());
  for (const std::string& key : reply.keys) message.add_keys(key);
}

void fill(const LeaseList& reply, etcdserverpb::LeaseLeasesResponse& message) {
  set_header(reply.header, message);
  for (const std::int64_t id : reply.leases) message.add_leases()->set_id(id);
}

template <typename Message, typename Reply>
std::string bytes_of(const Reply& reply) {
  Message message;
  fill(reply, message);
  return message.SerializeAsString();
}

}  // namespace

std::string wire(const Header& header) {
  etcdserverpb::LeaseRevokeResponse message;
  set_header(header, message);
  return message.SerializeAsString();
}

std::string wire(const RangeReply& reply) { return bytes_of<etcdserverpb::RangeResponse>(reply); }
std::string wire(const PutReply& reply) { return bytes_of<etcdserverpb::PutResponse>(reply); }
std::string wire(const DeleteReply& reply) {
  return bytes_of<etcdserverpb::DeleteRangeResponse>(reply);
}
std::string wire(const TxnReply& reply) { return bytes_of<etcdserverpb::TxnResponse>(reply); }
std::string wire(const WatchReply& reply) { return bytes_of<etcdserverpb::WatchResponse>(reply); }
std::string wire(const LeaseGrant& reply) {
  return bytes_of<etcdserverpb::LeaseGrantResponse>(reply);
}
std::string wire(const LeaseKeepAlive& reply) {
  return bytes_of<etcdserverpb::LeaseKeepAliveResponse>(reply);
}
std::string wire(const LeaseTimeToLive& reply) {
  return bytes_of<etcdserverpb::LeaseTimeToLiveResponse>(reply);
}
std::string wire(const LeaseList& reply) {
  return bytes_of<etcdserverpb::LeaseLeasesResponse>(reply);
}

}  // namespace coord::etcd
