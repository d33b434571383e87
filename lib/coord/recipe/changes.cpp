#include "coord/recipe/changes.hpp"

#include <algorithm>

namespace coord::recipe {

using Kind = etcd::WatchReply::Kind;

namespace {

// What was not known at SEEN.
std::vector<etcd::Event> newer(std::vector<etcd::Event> events, std::int64_t seen) {
  std::erase_if(events, [&](const etcd::Event& event) { return event.kv.mod_revision <= seen; });
  return events;
}

}  // namespace

Changes::Changes(etcd::Client& client, std::vector<etcd::WatchRequest> requests)
    : watcher_(client) {
  for (etcd::WatchRequest& request : requests) watches_.push_back({std::move(request), 0});
}

Result<std::vector<etcd::Event>> Changes::wait(const Context& ctx, std::int64_t seen,
                                               Duration silence) {
  open();
  const BootTime silent = after(BootClock::now(), silence);
  for (;;) {
    auto reply = watcher_.next(ctx.until(rereads_.is_early() ? rereads_.next() : silent));
    COORD_TRY(ctx.check("waiting"));
    if (!reply) {
      if (rereads_.is_early()) rereads_.done();
      return std::vector<etcd::Event>{};
    }
    Watch* watch = find(reply->id);
    if (watch == nullptr || reply->kind == Kind::progress || reply->kind == Kind::interrupted)
      continue;
    if (reply->kind == Kind::events) {
      auto events = newer(std::move(reply->events), seen);
      if (events.empty()) continue;
      return events;
    }
    if (reply->kind == Kind::created) {
      rereads_.watches_stand();
      if (reply->header.revision == seen) continue;
    } else if (reply->kind == Kind::compacted || reply->kind == Kind::cancelled) {
      if (reply->error.code == Code::denied) return std::unexpected(reply->error);
      if (reply->kind == Kind::cancelled) ctx.sleep(kRequestPause);
      watch->id = 0;
    }
    return std::vector<etcd::Event>{};
  }
}

void Changes::open() {
  for (Watch& watch : watches_) {
    if (watch.id == 0) watch.id = watcher_.add(watch.request);
  }
}

Changes::Watch* Changes::find(std::int64_t id) {
  const auto found = std::ranges::find(watches_, id, &Watch::id);
  return found == watches_.end() ? nullptr : &*found;
}

}  // namespace coord::recipe
