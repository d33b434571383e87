#include "coord/recipe/history.hpp"

#include <algorithm>

#include "coord/recipe/history_watch.hpp"

namespace coord::recipe {

Result<KeyHistory> KeyHistory::read(etcd::Client& client, const Context& ctx, std::string key,
                                    const HistoryOptions& options) {
  KeyHistory history(client, std::move(key), options);
  COORD_TRY(history.listen(ctx));
  COORD_TRY(history.add_oldest(ctx));
  return history;
}

// A compaction may overtake it, each time.
Result<> KeyHistory::listen(const Context& ctx) {
  for (;;) {
    COORD_TRY_INTO(const bool heard, listen_from(ctx, std::max<std::int64_t>(compacted_, 1)));
    if (heard) return {};
  }
}

Result<bool> KeyHistory::listen_from(const Context& ctx, std::int64_t from) {
  COORD_TRY_INTO(const auto now, at(ctx, 0));
  if (now && now->mod_revision < from) return true;
  entries_.clear();
  valueless_ = bytes_ = 0;
  cut_ = false;
  HistoryWatch watch(*client_, key_, from);
  for (;;) {
    COORD_TRY_INTO(auto events, watch.next(ctx, options_.patience, !now));
    if (watch.end() == HistoryWatch::End::compacted) {
      compacted_ = watch.compact_revision();
      return false;
    }
    if (watch.end() == HistoryWatch::End::over) return true;
    for (etcd::Event& event : events) add(std::move(event));
    if (now && entries_.back().version.kv.mod_revision >= now->mod_revision) return true;
  }
}

// The version that lives on from before the oldest revision: no watch tells of it.
Result<> KeyHistory::add_oldest(const Context& ctx) {
  if (compacted_ == 0 || cut_) return {};
  auto kv = at(ctx, compacted_);
  if (!kv && kv.error().code != Code::compacted) return std::unexpected(std::move(kv).error());
  if (!kv || !*kv) return {};
  const bool known =
      !entries_.empty() && entries_.front().version.kv.mod_revision <= (*kv)->mod_revision;
  if (known) return {};
  if (options_.most != 0 && entries_.size() >= options_.most) {
    cut_ = true;
    return {};
  }
  entries_.push_front({{.kv = *std::move(*kv)}});
  if (valueless_ > 0) {
    entries_.front().version.kv.value.clear();
    entries_.front().has_value = false;
    ++valueless_;
  }
  return {};
}

void KeyHistory::add(etcd::Event event) {
  const bool removed = event.type == etcd::Event::Type::remove;
  bytes_ += event.kv.value.size();
  entries_.push_back({{removed, std::move(event.kv)}});
  if (options_.most != 0 && entries_.size() > options_.most) {
    bytes_ -= entries_.front().version.kv.value.size();
    if (valueless_ > 0) --valueless_;
    entries_.pop_front();
    cut_ = true;
  }
  forget_values();
}

void KeyHistory::forget_values() {
  while (bytes_ > options_.most_bytes && valueless_ + 1 < entries_.size()) {
    Entry& oldest = entries_[valueless_++];
    bytes_ -= oldest.version.kv.value.size();
    oldest.has_value = oldest.version.removed;
    std::string().swap(oldest.version.kv.value);
  }
}

Result<std::optional<KeyVersion>> KeyHistory::next(const Context& ctx) {
  if (entries_.empty()) return std::nullopt;
  Entry entry = std::move(entries_.back());
  entries_.pop_back();
  valueless_ = std::min(valueless_, entries_.size());
  if (!entry.has_value) {
    auto kv = at(ctx, entry.version.kv.mod_revision);
    if (!kv && kv.error().code == Code::compacted) {
      entries_.clear();
      compacted_ = oldest_revision(*client_, ctx.at_most(options_.patience), key_)
                       .value_or(entry.version.kv.mod_revision + 1);
      return std::nullopt;
    }
    if (!kv) return std::unexpected(std::move(kv).error());
    if (*kv) entry.version.kv = *std::move(*kv);
  }
  return std::move(entry.version);
}

Result<std::optional<etcd::KeyValue>> KeyHistory::at(const Context& ctx, std::int64_t revision) {
  COORD_TRY_INTO(auto reply, etcd::Kv(*client_).range(ctx.at_most(options_.patience),
                                                      {.key = key_, .revision = revision}));
  if (reply.kvs.empty()) return std::nullopt;
  return std::move(reply.kvs.front());
}

std::optional<std::int64_t> oldest_revision(etcd::Client& client, const Context& ctx,
                                            const std::string& key) {
  HistoryWatch watch(client, key, 1);
  (void)watch.next(ctx, KeyHistory::kSilence, true);
  if (watch.end() != HistoryWatch::End::compacted) return std::nullopt;
  return watch.compact_revision();
}

}  // namespace coord::recipe
