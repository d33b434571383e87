#include "coord/etcd/watch.hpp"

#include "coord/etcd/watch_hub.hpp"

namespace coord::etcd {

namespace {

constexpr std::size_t kMost = 4096;
constexpr std::size_t kMostBytes = 32UL << 20U;

std::size_t bytes_of(const WatchReply& reply) {
  std::size_t bytes = 0;
  for (const Event& event : reply.events) {
    bytes += event.kv.key.size() + event.kv.value.size();
    if (event.prev_kv) bytes += event.prev_kv->value.size();
  }
  return bytes;
}

}  // namespace

bool WatchQueue::has_room() {
  const std::lock_guard lock(mutex);
  const bool full = !closed && (replies.size() >= kMost || bytes >= kMostBytes);
  starved = starved || full;  // until makes_room(): another watch may be paused
  return !full;
}

void WatchQueue::push(WatchReply reply) {
  const std::lock_guard lock(mutex);
  if (closed) return;
  bytes += bytes_of(reply);
  replies.push_back(std::move(reply));
  changed.notify_all();
}

bool WatchQueue::makes_room() {
  const bool room = replies.size() <= kMost / 2 && bytes <= kMostBytes / 2;
  return starved && room && std::exchange(starved, false);
}

Watcher::Watcher(Client& client) : client_(&client), queue_(std::make_shared<WatchQueue>()) {}

Watcher::~Watcher() {
  {
    const std::lock_guard lock(queue_->mutex);
    queue_->closed = true;
  }
  for (const std::int64_t id : ids_) client_->watch_hub().remove(id);
}

std::int64_t Watcher::add(const WatchRequest& request) {
  const std::int64_t id = client_->watch_hub().add(queue_, request);
  const std::lock_guard lock(queue_->mutex);
  ids_.insert(id);
  return id;
}

void Watcher::remove(std::int64_t id) {
  client_->watch_hub().remove(id);
  const std::lock_guard lock(queue_->mutex);
  ids_.erase(id);
}

void Watcher::request_progress() { client_->watch_hub().request_progress(); }

Result<WatchReply> Watcher::next(const Context& ctx) {
  std::unique_lock lock(queue_->mutex);
  const auto ready = [this] { return !queue_->replies.empty(); };
  if (!queue_->changed.wait_until(lock, ctx.stop(), ctx.deadline(), ready)) {
    COORD_TRY(ctx.check("watch"));
    return fail(Code::timed_out, "watch: timed out");
  }
  WatchReply reply = std::move(queue_->replies.front());
  queue_->replies.pop_front();
  queue_->bytes -= bytes_of(reply);
  if (reply.kind == WatchReply::Kind::compacted || reply.kind == WatchReply::Kind::cancelled)
    ids_.erase(reply.id);  // it has ended
  const bool room = queue_->makes_room();
  lock.unlock();
  if (room) client_->watch_hub().resume(queue_.get());
  return reply;
}

}  // namespace coord::etcd
