// The second half of watch_table.hpp: what the server's replies mean.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "coord/etcd/convert.hpp"
#include "coord/etcd/error.hpp"
#include "coord/etcd/grants.hpp"
#include "coord/etcd/watch_table.hpp"

namespace coord::etcd {

using Outgoing = WatchTable::Outgoing;

std::vector<Outgoing> WatchTable::progress(const etcdserverpb::WatchResponse& reply) const {
  std::vector<Outgoing> all;
  for (const auto& [wire, id] : on_wire_) {
    const auto found = entries_.find(id);
    if (found == entries_.end() || found->second.paused) continue;
    all.push_back(
        {found->second.queue,
         {.kind = WatchReply::Kind::progress, .id = id, .header = from_proto(reply.header())}});
  }
  return all;
}

WatchTable::Heard WatchTable::hear(const etcdserverpb::WatchResponse& reply) {
  std::int64_t id = 0;
  Entry* const entry = find(id, reply);
  if (entry == nullptr) return {};
  if (reply.canceled()) return on_cancelled(id, *entry, reply);
  return {reply.created() ? on_created(id, *entry, reply) : on_events(id, *entry, reply)};
}

// Whom a reply is for, if anybody still wants it.
WatchTable::Entry* WatchTable::find(std::int64_t& id, const etcdserverpb::WatchResponse& reply) {
  // Creations are answered in the order in which they were asked for; a refused one may not carry
  // its id.
  if (reply.created() && !unanswered_.empty()) {
    id = unanswered_.front();
    unanswered_.pop_front();
  } else {
    const auto asked = on_wire_.find(reply.watch_id());
    if (asked == on_wire_.end()) return nullptr;
    id = asked->second;
  }
  const auto found = entries_.find(id);
  if (found == entries_.end()) return nullptr;
  // What ends a paused watch ends it again when it has been asked for anew, behind its last event.
  return found->second.paused && !reply.created() ? nullptr : &found->second;
}

std::optional<Outgoing> WatchTable::on_created(std::int64_t id, Entry& entry,
                                               const etcdserverpb::WatchResponse& reply) {
  const bool interrupted = std::exchange(entry.interrupted, false);
  entry.retried = false;
  const bool again = std::exchange(entry.created, true);
  if (again && !interrupted) return std::nullopt;  // it was paused, which is nobody's business
  if (entry.next_revision == 0) entry.next_revision = reply.header().revision() + 1;
  const auto kind = again ? WatchReply::Kind::resumed : WatchReply::Kind::created;
  return Outgoing{entry.queue, {.kind = kind, .id = id, .header = from_proto(reply.header())}};
}

WatchTable::Heard WatchTable::on_cancelled(std::int64_t id, Entry& entry,
                                           const etcdserverpb::WatchResponse& reply) {
  const std::string& reason = reply.cancel_reason();
  const bool denied = reason.find("permission denied") != std::string::npos;
  // An expired token looks like a missing permission to older servers: try once more with a new
  // one.
  if ((denied || is_bad_token(grpc::Status(grpc::StatusCode::CANCELLED, reason))) &&
      !std::exchange(entry.retried, true))
    return {.outgoing = {}, .stream = Stream::needs_login};
  if (is_no_leader(grpc::Status(grpc::StatusCode::UNAVAILABLE, reason)))
    return {.outgoing = {}, .stream = Stream::no_leader};
  Heard heard{Outgoing{entry.queue, last_of(id, entry, reply)}};
  on_wire_.erase(entry.wire);
  entries_.erase(id);
  return heard;
}

WatchReply WatchTable::last_of(std::int64_t id, const Entry& entry,
                               const etcdserverpb::WatchResponse& reply) const {
  const grpc::Status status(grpc::StatusCode::CANCELLED, reply.cancel_reason());
  WatchReply last{
      .kind = WatchReply::Kind::cancelled, .id = id, .header = from_proto(reply.header())};
  last.compact_revision = reply.compact_revision();
  last.next_revision = entry.next_revision;
  last.error = naming_keys(to_error(status, "watch", ""), prefix_, entry.request);
  if (last.compact_revision > 0) {  // servers give the revision, but no words
    last.kind = WatchReply::Kind::compacted;
    last.error.code = Code::compacted;
    last.error.message = fmt::format("watch: compacted up to revision {}", last.compact_revision);
  } else if (reply.cancel_reason().empty()) {
    last.error.message = "watch: the server has ended it and gives no reason";
  }
  return last;
}

std::optional<Outgoing> WatchTable::on_events(std::int64_t id, Entry& entry,
                                              const etcdserverpb::WatchResponse& reply) const {
  if (!entry.queue->has_room()) {
    entry.paused = true;
    entry.fragments.clear();
    return std::nullopt;
  }
  for (const auto& event : reply.events()) {
    // Servers before 3.4.24 and 3.5.8 may send an event twice after a reconnect.
    if (event.kv().mod_revision() >= entry.next_revision)
      entry.fragments.push_back(from_proto(prefix_, event));
  }
  if (reply.fragment()) return std::nullopt;
  WatchReply whole{
      .id = id, .header = from_proto(reply.header()), .events = std::exchange(entry.fragments, {})};
  if (reply.events_size() == 0) {
    whole.kind = WatchReply::Kind::progress;
    entry.next_revision = std::max(entry.next_revision, reply.header().revision() + 1);
  } else if (whole.events.empty()) {
    return std::nullopt;
  } else {
    entry.next_revision = whole.events.back().kv.mod_revision + 1;
  }
  return Outgoing{entry.queue, std::move(whole)};
}

}  // namespace coord::etcd
