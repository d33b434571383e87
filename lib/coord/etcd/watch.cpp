#include "coord/etcd/watch.hpp"

#include "coord/etcd/watch_hub.hpp"

namespace coord::etcd {

void WatchQueue::push(WatchReply reply) {
  constexpr std::size_t kMost = 4096;
  std::unique_lock lock(mutex);
  changed.wait(lock, [this] { return closed || replies.size() < kMost; });
  if (closed) return;
  replies.push_back(std::move(reply));
  changed.notify_all();
}

Watcher::Watcher(Client& client) : client_(&client), queue_(std::make_shared<WatchQueue>()) {}

Watcher::~Watcher() {
  {
    const std::lock_guard lock(queue_->mutex);
    queue_->closed = true;
    queue_->changed.notify_all();
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

Result<WatchReply> Watcher::next(const Context& ctx) {
  std::unique_lock lock(queue_->mutex);
  const auto ready = [this] { return !queue_->replies.empty(); };
  if (!queue_->changed.wait_until(lock, ctx.stop(), ctx.deadline(), ready)) {
    COORD_TRY(ctx.check("watch"));
    return fail(Code::timed_out, "watch: timed out");
  }
  WatchReply reply = std::move(queue_->replies.front());
  queue_->replies.pop_front();
  queue_->changed.notify_all();
  return reply;
}

}  // namespace coord::etcd
