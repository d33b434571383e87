// The keys of live_range.hpp: what a list or an event changes in what is known of them.
#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "coord/recipe/live_range.hpp"

namespace coord::recipe {

using Told = RangeNews::Kind;

namespace {

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
  std::ranges::sort(put, {}, [](const etcd::Event& event) {
    return std::pair(event.kv.mod_revision, std::string_view(event.kv.key));
  });
  std::ranges::move(put, std::back_inserter(removed));
  return removed;
}

}  // namespace

Result<> LiveRange::read_page(const Context& ctx) {
  COORD_TRY_INTO(auto next, listing_->pages.next(ctx));
  etcd::RangeReply page =
      std::move(next).value_or(etcd::RangeReply{});  // none left: it was the last
  if (listing_->header.revision == 0) listing_->header = page.header;
  const bool last = !page.more;
  compare(*listing_, std::move(page), last);
  if (!listed_ && range_.keep == Keep::revisions) tell_page(last);
  if (!last) return {};
  Listing whole = *std::exchange(listing_, std::nullopt);
  finish(std::move(whole));
  return {};
}

// Of the first list: it is part of what we know then.
void LiveRange::tell_page(bool last) {
  news_ = {.kind = Told::listed,
           .header = listing_->header,
           .events = std::exchange(listing_->changed, {}),
           .more = !last,
           .error = {}};
  apply(news_->events);
  seen_ = listing_->header;
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
  const etcd::Header header = listing.header;
  if (listed_ || range_.keep == Keep::values) tell_list(std::move(listing));
  seen_ = header;
  listed_ = true;
  trouble_.reset();
  doubted_.reset();
  list_at_ = kNever;
  watch_on();
}

// What it changes in what was seen before.
void LiveRange::tell_list(Listing listing) {
  RangeNews news{
      .kind = listed_ ? Told::relisted : Told::listed, .header = listing.header, .error = {}};
  news.events = joined(std::move(listing.removed), std::move(listing.changed));
  if (listed_) {
    news.gap_from = seen_.revision + 1;
    news.gap_to = listing.header.revision;
  }
  apply(news.events);
  if (!listed_) news.events.clear();
  news_ = std::move(news);
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

}  // namespace coord::recipe
