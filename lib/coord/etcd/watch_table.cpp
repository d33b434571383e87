#include "coord/etcd/watch_table.hpp"

#include <utility>

#include "coord/etcd/convert.hpp"

namespace coord::etcd {

WatchTable::WatchTable(std::string prefix) : prefix_(std::move(prefix)) {}

std::vector<std::int64_t> WatchTable::ids() const {
  std::vector<std::int64_t> ids;
  ids.reserve(entries_.size());
  for (const auto& [id, entry] : entries_) ids.push_back(id);
  return ids;
}

std::int64_t WatchTable::add(std::shared_ptr<WatchQueue> queue, const WatchRequest& request) {
  const std::int64_t id = ++last_id_;
  Entry& entry = entries_[id];
  entry.request = request;
  entry.next_revision = request.start_revision;
  entry.queue = std::move(queue);
  return id;
}

std::int64_t WatchTable::remove(std::int64_t id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return 0;
  const std::int64_t wire = found->second.stream == generation_ ? found->second.wire : 0;
  on_wire_.erase(wire);
  entries_.erase(found);
  return wire;
}

std::vector<WatchTable::Resumed> WatchTable::resume(const WatchQueue* queue) {
  std::vector<Resumed> paused;
  for (auto& [id, entry] : entries_) {
    if (entry.queue.get() != queue || !std::exchange(entry.paused, false)) continue;
    paused.push_back({id, std::exchange(entry.stream, 0) == generation_ ? entry.wire : 0});
    on_wire_.erase(paused.back().wire);
  }
  return paused;
}

void WatchTable::begin_stream() {
  ++generation_;
  unanswered_.clear();
  on_wire_.clear();
  for (auto& [id, entry] : entries_) entry.fragments.clear();
}

std::optional<etcdserverpb::WatchRequest> WatchTable::ask(std::int64_t id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return std::nullopt;
  Entry& entry = found->second;
  if (entry.stream == generation_ || entry.paused) return std::nullopt;
  entry.stream = generation_;
  entry.wire = ++last_wire_;
  on_wire_[entry.wire] = id;
  unanswered_.push_back(id);
  WatchRequest resumed = entry.request;
  resumed.start_revision = entry.next_revision;
  etcdserverpb::WatchRequest request;
  *request.mutable_create_request() = to_proto(prefix_, resumed);
  request.mutable_create_request()->set_watch_id(entry.wire);
  return request;
}

std::vector<WatchTable::Outgoing> WatchTable::interrupt(const Error& error) {
  std::vector<Outgoing> all;
  for (auto& [id, entry] : entries_) {
    if (std::exchange(entry.interrupted, true)) continue;
    all.push_back({entry.queue, {.kind = WatchReply::Kind::interrupted, .id = id, .error = error}});
  }
  return all;
}

std::vector<WatchTable::Outgoing> WatchTable::end_all(const Error& error) {
  std::vector<Outgoing> all;
  for (auto& [id, entry] : entries_) {
    WatchReply last{.kind = WatchReply::Kind::cancelled, .id = id, .error = error};
    last.next_revision = entry.next_revision;
    all.push_back({entry.queue, std::move(last)});
  }
  entries_.clear();
  on_wire_.clear();
  return all;
}

}  // namespace coord::etcd
