#include "coord/etcd/watch.hpp"

#include "coord/etcd/watch_hub.hpp"
#include "coord/etcd/watch_queue.hpp"

namespace coord::etcd {

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
  WatchReply reply = queue_->take();
  if (reply.kind == WatchReply::Kind::compacted || reply.kind == WatchReply::Kind::cancelled)
    ids_.erase(reply.id);  // it has ended
  const bool room = queue_->makes_room();
  lock.unlock();
  if (room) client_->watch_hub().resume(queue_.get());
  return reply;
}

}  // namespace coord::etcd
