#include "coord/etcd/watch_queue.hpp"

#include <utility>

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

WatchReply WatchQueue::take() {
  WatchReply reply = std::move(replies.front());
  replies.pop_front();
  bytes -= bytes_of(reply);
  return reply;
}

bool WatchQueue::makes_room() {
  const bool room = replies.size() <= kMost / 2 && bytes <= kMostBytes / 2;
  return starved && room && std::exchange(starved, false);
}

}  // namespace coord::etcd
