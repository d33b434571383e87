#include "coord/recipe/live_range.hpp"

#include <algorithm>
#include <iterator>
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

etcd::Event removal_of(const std::string& key, etcd::KeyValue old, std::int64_t revision,
                       Keep keep) {
  etcd::Event event{.type = etcd::Event::Type::remove, .kv = {.key = key}, .prev_kv = {}};
  event.kv.mod_revision = revision;
  if (keep == Keep::values) event.prev_kv = std::move(old);
  return event;
}

bool is_same(const etcd::KeyValue& known, const etcd::KeyValue& read, Keep keep) {
  return known.mod_revision == read.mod_revision && known.create_revision == read.create_revision &&
         (keep == Keep::revisions || known.value == read.value);  // of a store that was set back
}

std::vector<etcd::Event> joined(std::vector<etcd::Event> removed, std::vector<etcd::Event> put) {
  std::ranges::stable_sort(put, {}, [](const auto& event) { return event.kv.mod_revision; });
  std::ranges::move(put, std::back_inserter(removed));
  return removed;
}

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

Result<> LiveRange::read_page(const Context& ctx) {
  COORD_TRY_INTO(auto next, listing_->pages.next(ctx));
  etcd::RangeReply page =
      std::move(next).value_or(etcd::RangeReply{});  // none left: it was the last
  if (listing_->header.revision == 0) listing_->header = page.header;
  const bool last = !page.more;
  const bool first_list = !listed_;
  compare(*listing_, std::move(page), last);
  if (first_list &&
      range_.keep == Keep::revisions) {  // each page is told, and part of what we know
    news_ = {.kind = Told::listed,
             .header = listing_->header,
             .events = std::exchange(listing_->changed, {}),
             .more = !last,
             .error = {}};
    apply(news_->events);
    seen_ = listing_->header;
  }
  if (!last) return {};
  Listing whole = *std::exchange(listing_, std::nullopt);
  finish(std::move(whole));
  return {};
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

// Pages and keys_ are both in key order.
void LiveRange::compare(Listing& listing, etcd::RangeReply page, bool last) {
  auto& known = listing.known;
  const auto has_gone = [&] {
    listing.removed.push_back(
        removal_of(known->first, known->second, listing.header.revision, range_.keep));
    ++known;
  };
  for (etcd::KeyValue& kv : page.kvs) {
    while (known != keys_.end() && known->first < kv.key) has_gone();
    const bool was_there = known != keys_.end() && known->first == kv.key;
    const auto old = was_there ? std::optional((known++)->second) : std::nullopt;
    if (old && is_same(*old, kv, range_.keep)) continue;
    etcd::Event event{.type = etcd::Event::Type::put, .kv = std::move(kv), .prev_kv = {}};
    if (old && range_.keep == Keep::values) event.prev_kv = *old;
    listing.changed.push_back(std::move(event));
  }
  while (last && known != keys_.end()) has_gone();
}

// All pages are there: know it, tell it, and watch from the next revision on.
void LiveRange::finish(Listing listing) {
  const std::int64_t before = seen_.revision;
  seen_ = listing.header;
  if (listed_ || range_.keep == Keep::values) {
    RangeNews news{.kind = listed_ ? Told::relisted : Told::listed, .header = seen_, .error = {}};
    news.events = joined(std::move(listing.removed), std::move(listing.changed));
    if (listed_) {
      news.gap_from = before + 1;
      news.gap_to = seen_.revision;
    }
    apply(news.events);
    if (!listed_) news.events.clear();
    news_ = std::move(news);
  }
  listed_ = true;
  trouble_.reset();
  doubted_.reset();
  list_at_ = kNever;
  check_at_ = after(BootClock::now(), kSilence);
  watch_ = watcher_.add({.key = range_.key,
                         .range_end = range_.range_end,
                         .start_revision = seen_.revision + 1,
                         .prev_kv = range_.keep == Keep::revisions && range_.prev_kv});
}

void LiveRange::list_again(Duration pause) {
  if (watch_ != 0) watcher_.remove(std::exchange(watch_, 0));
  listing_.reset();
  list_at_ = after(BootClock::now(), pause);
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
      apply(reply.events);
      seen_ = reply.header;  // whose revision may be newer than the events: more may be to come
      seen_.revision = reply.events.back().kv.mod_revision;
      news_ = {.header = reply.header, .events = std::move(reply.events), .error = {}};
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

// Completes the events by what was known before.
void LiveRange::apply(std::vector<etcd::Event>& events) {
  const bool values = range_.keep == Keep::values;
  for (etcd::Event& event : events) {
    const auto known = keys_.find(event.kv.key);
    if (values) event.prev_kv = known == keys_.end() ? std::nullopt : std::optional(known->second);
    if (event.type == etcd::Event::Type::remove) {
      if (known != keys_.end()) keys_.erase(known);
      continue;
    }
    etcd::KeyValue& kept = keys_[event.kv.key];
    if (values) {
      kept = event.kv;
    } else {
      kept = {.create_revision = event.kv.create_revision,
              .mod_revision = event.kv.mod_revision,
              .version = event.kv.version,
              .lease = event.kv.lease};
    }
  }
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
