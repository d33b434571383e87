#include "coord/recipe/changes.hpp"

#include <algorithm>
#include <array>

namespace coord::recipe {

using namespace std::chrono_literals;
using Kind = etcd::WatchReply::Kind;

namespace {

// After a watch stands: the server may have registered it a moment after the revision it named.
constexpr std::array<Duration, 3> kSoon{2ms, 10ms, 40ms};

// What was not known at SEEN.
std::vector<etcd::Event> newer(std::vector<etcd::Event> events, std::int64_t seen) {
  std::erase_if(events, [&](const etcd::Event& event) { return event.kv.mod_revision <= seen; });
  return events;
}

}  // namespace

Changes::Changes(etcd::Client& client, std::vector<etcd::WatchRequest> requests)
    : watcher_(client), early_(kSoon.size()) {
  for (etcd::WatchRequest& request : requests) watches_.push_back({std::move(request), 0});
}

Result<std::vector<etcd::Event>> Changes::wait(const Context& ctx, std::int64_t seen,
                                               Duration silence) {
  open();
  const BootTime silent = after(BootClock::now(), silence);
  for (;;) {
    const bool is_early = early_ < kSoon.size();
    auto reply = watcher_.next(ctx.until(is_early ? after(stands_, kSoon[early_]) : silent));
    COORD_TRY(ctx.check("waiting"));
    if (!reply) {
      if (is_early) ++early_;
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
      early_ = 0;
      stands_ = BootClock::now();
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
