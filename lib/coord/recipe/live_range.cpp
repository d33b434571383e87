#include "coord/recipe/live_range.hpp"

#include <algorithm>
#include <utility>

#include "coord/recipe/patience.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using Heard = etcd::WatchReply::Kind;
using Told = RangeNews::Kind;

namespace {

constexpr const char* kWhat = "following";
constexpr Duration kSilence = 10s;         // until we ask whether the watch has missed something
constexpr Duration kSoon = 1s;             // after a read that failed, or for a reply on its way
constexpr Duration kPageLimit = 30s;       // for one page of a list that is read again
constexpr std::size_t kManyKeys = 10'000;  // a server reads all of them to tell which are new

}  // namespace

RangeFollowed RangeFollowed::prefix(std::string prefix, Keep keep) {
  auto all = etcd::RangeRequest::prefix(std::move(prefix));
  return {.key = std::move(all.key), .range_end = std::move(all.range_end), .keep = keep};
}

LiveRange::LiveRange(etcd::Client& client, RangeFollowed range, std::int64_t page_size)
    : client_(&client), range_(std::move(range)), page_size_(page_size), watcher_(client) {}

Result<RangeNews> LiveRange::next(const Context& ctx) {
  for (;;) {
    if (auto news = take_news()) return *std::move(news);
    COORD_TRY(ctx.check(kWhat));
    const BootTime now = BootClock::now();
    if (now >= list_at_) {
      COORD_TRY(list(ctx));
    } else if (now >= check_at_) {
      COORD_TRY(check(ctx));
    } else {
      COORD_TRY(listen(ctx));
    }
  }
}

std::optional<RangeNews> LiveRange::take_news() {
  if (trouble_ && !std::exchange(trouble_told_, true))
    return RangeNews{.kind = Told::interrupted, .header = seen_, .events = {}, .error = *trouble_};
  if (!trouble_ && std::exchange(trouble_told_, false))
    return RangeNews{.kind = Told::resumed, .header = seen_, .events = {}, .error = {}};
  return std::exchange(news_, std::nullopt);
}

// One page, of the first list or of a later one.
Result<> LiveRange::list(const Context& ctx) {
  if (!listing_) {
    etcd::RangeRequest request{.key = range_.key, .range_end = range_.range_end};
    listing_.emplace(etcd::RangePages(*client_, std::move(request), page_size_), keys_.begin());
  }
  const auto read = read_page(listed_ ? ctx.at_most(kPageLimit) : ctx);
  return read ? Result<>{} : list_failed(ctx, read.error());
}

Result<> LiveRange::list_failed(const Context& ctx, const Error& error) {
  if (error.code == Code::compacted) {  // between two pages; what was told of them is to be mended
    if (!keys_.empty()) listed_ = true;
    list_again(kRequestPause);
    return {};
  }
  if (!listed_) return std::unexpected(error);
  COORD_TRY(ctx.check(kWhat));
  if (error.code != Code::unavailable) return std::unexpected(error);
  if (!trouble_) trouble_ = error;
  list_at_ = after(BootClock::now(), kSoon);  // the same page once more
  return {};
}

void LiveRange::list_again(Duration pause) {
  if (watch_ != 0) watcher_.remove(std::exchange(watch_, 0));
  listing_.reset();
  list_at_ = after(BootClock::now(), pause);
}

void LiveRange::watch_on() {
  check_at_ = after(BootClock::now(), kSilence);
  watch_ = watcher_.add({.key = range_.key,
                         .range_end = range_.range_end,
                         .start_revision = seen_.revision + 1,
                         .prev_kv = range_.keep == Keep::revisions && range_.prev_kv});
}

Result<> LiveRange::listen(const Context& ctx) {
  auto reply = watcher_.next(ctx.until(std::min(list_at_, check_at_)));
  return reply ? hear(*std::move(reply)) : Result<>{};
}

Result<> LiveRange::hear(etcd::WatchReply reply) {
  if (reply.id != watch_) return {};  // of a watch that was given up
  check_at_ = after(BootClock::now(), kSilence);
  switch (reply.kind) {
    case Heard::events:
      take(std::move(reply));
      return {};
    case Heard::created:
    case Heard::resumed:
      trouble_.reset();
      if (reply.header.cluster_id != seen_.cluster_id) list_again();
      if (reply.header.revision < seen_.revision) check_at_ = {};  // a late member, or set back
      return {};
    case Heard::interrupted:
      if (!trouble_) trouble_ = reply.error;
      return {};
    case Heard::cancelled:
      list_again(kSoon);
      if (reply.error.code == Code::denied) return std::unexpected(reply.error);
      return {};
    case Heard::compacted:
      list_again();
      return {};
    case Heard::progress:
      break;
  }
  return {};
}

void LiveRange::take(etcd::WatchReply reply) {
  apply(reply.events);
  seen_ = reply.header;  // whose revision may be newer than the events: more may be to come
  seen_.revision = reply.events.back().kv.mod_revision;
  news_ = {.header = reply.header, .events = std::move(reply.events), .error = {}};
}

// Is there anything that the watch should have told? It gets a moment to do so: what is asked here
// may overtake it.
Result<> LiveRange::check(const Context& ctx) {
  etcd::RangeRequest request{.key = range_.key, .range_end = range_.range_end};
  request.min_mod_revision = seen_.revision + 1;
  request.limit = 1;
  request.keys_only = true;
  request.count_only = keys_.size() > kManyKeys;
  check_at_ = after(BootClock::now(), kSilence);
  const auto reply = etcd::Kv(*client_).range(ctx.at_most(kRequestLimit), request);
  if (!reply && reply.error().code == Code::unavailable) return {};  // the stream's to tell
  if (!reply) return std::unexpected(reply.error());
  const bool set_back = reply->header.revision < seen_.revision;
  const bool newer = !reply->kvs.empty() || reply->count != std::ssize(keys_);
  if (set_back || (newer && doubted_ == seen_.revision)) {
    list_again();
  } else if (newer) {
    doubted_ = seen_.revision;
    check_at_ = after(BootClock::now(), kSoon);
  } else {
    doubted_.reset();
  }
  return {};
}

}  // namespace coord::recipe
