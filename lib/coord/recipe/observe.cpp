#include "coord/recipe/observe.hpp"

#include <algorithm>

#include "coord/base/layout.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using Kind = etcd::WatchReply::Kind;

namespace {

constexpr Duration kBackstop = 10s;  // in case that the watched member is cut off and silent
constexpr Duration kSoon = 1s;       // after a read that failed

}  // namespace

Observer::Observer(etcd::Client& client, const std::string& name)
    : client_(&client), prefix_(layout::lock_prefix(name)), watcher_(client) {}

Result<Observation> Observer::next(const Context& ctx) {
  if (!begun_) COORD_TRY(begin(ctx));
  for (;;) {
    if (auto news = take_news()) return *std::move(news);
    COORD_TRY(ctx.check("observing"));
    const auto reply = watcher_.next(ctx.until(next_look_));
    if (reply) {
      COORD_TRY(hear(ctx, *reply));
    } else if (BootClock::now() >= next_look_) {
      COORD_TRY(look_again(ctx));
    }
  }
}

Result<> Observer::begin(const Context& ctx) {
  COORD_TRY(look(ctx));
  watch();
  begun_ = true;
  return {};
}

void Observer::watch() {
  auto all = etcd::RangeRequest::prefix(prefix_);
  watch_ = watcher_.add({.key = std::move(all.key), .range_end = std::move(all.range_end)});
}

Result<> Observer::look(const Context& ctx) {
  COORD_TRY_INTO(auto reply, etcd::Kv(*client_).range(ctx, etcd::RangeRequest::prefix(prefix_)));
  // A store that was set back, from a snapshot: the watch waits for revisions that are far away.
  if (begun_ && reply.header.revision < seen_.revision) {
    watcher_.remove(watch_);
    watch();
  }
  candidates_.clear();
  for (etcd::KeyValue& kv : reply.kvs) {
    std::string key = kv.key;
    candidates_.emplace(std::move(key), std::move(kv));
  }
  seen_ = reply.header;
  next_look_ = after(BootClock::now(), kBackstop);
  trouble_.reset();
  return {};
}

// No answer is not the end of it: the next attempt comes soon.
Result<> Observer::look_again(const Context& ctx) {
  const auto looked = look(ctx.at_most(kRequestLimit));
  if (looked) return {};
  COORD_TRY(ctx.check("observing"));
  if (looked.error().code != Code::unavailable) return looked;
  if (!trouble_) trouble_ = looked.error();
  next_look_ = after(BootClock::now(), kSoon);
  return {};
}

Result<> Observer::hear(const Context& ctx, const etcd::WatchReply& reply) {
  if (reply.id != watch_) return {};  // of a watch that was given up
  switch (reply.kind) {
    case Kind::events:
      apply(reply);
      return {};
    case Kind::created:
      return reply.header.revision == seen_.revision ? Result<>{} : look_again(ctx);
    case Kind::resumed:
      return look_again(ctx);
    case Kind::interrupted:
      if (!trouble_) trouble_ = reply.error;
      next_look_ = std::min(next_look_, after(BootClock::now(), kSoon));
      return {};
    case Kind::cancelled:
      if (reply.error.code == Code::denied) return std::unexpected(reply.error);
      ctx.sleep(kSoon);
      watch();
      return look_again(ctx);
    case Kind::compacted:
      watch();
      return look_again(ctx);
    case Kind::progress:
      break;
  }
  return {};
}

// A reply may hold several events of one revision, which belong together.
void Observer::apply(const etcd::WatchReply& reply) {
  const std::int64_t known = seen_.revision;
  for (const etcd::Event& event : reply.events) {
    if (event.kv.mod_revision <= known) continue;  // a read was faster
    if (event.type == etcd::Event::Type::put) {
      candidates_[event.kv.key] = event.kv;
    } else {
      candidates_.erase(event.kv.key);
    }
    seen_ = reply.header;  // whose revision may be newer than the event: more is to come
    seen_.revision = event.kv.mod_revision;
  }
}

const etcd::KeyValue* Observer::leader() const {
  const auto oldest = std::ranges::min_element(
      candidates_, {}, [](const auto& one) { return one.second.create_revision; });
  return oldest == candidates_.end() ? nullptr : &oldest->second;
}

std::optional<Observation> Observer::take_news() {
  using Told = Observation::Kind;
  if (trouble_ && !std::exchange(trouble_told_, true))
    return Observation{
        .kind = Told::interrupted, .leader = {}, .header = seen_, .error = *trouble_};
  if (!trouble_ && std::exchange(trouble_told_, false))
    return Observation{.kind = Told::resumed, .leader = {}, .header = seen_, .error = {}};
  const etcd::KeyValue* now = leader();
  const State state{now == nullptr ? "" : now->key, now == nullptr ? 0 : now->mod_revision};
  if (told_ == state) return std::nullopt;
  told_ = state;
  Observation news{.kind = Told::leader, .leader = {}, .header = seen_, .error = {}};
  if (now != nullptr) news.leader = *now;
  return news;
}

}  // namespace coord::recipe
