#include "coord/recipe/topic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "coord/base/layout_topic.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::recipe {

using Kind = etcd::WatchReply::Kind;

Subscriber::Subscriber(etcd::Client& client, const std::string& topic, From from,
                       std::int64_t page_size, Duration silence)
    : client_(&client),
      prefix_(layout::topic_prefix(topic)),
      from_(std::move(from)),
      watcher_(client),
      fixed_(page_size > 0),
      page_size_(fixed_ ? page_size : kFirstPage),
      silence_(silence) {}

Result<Delivery> Subscriber::next(const Context& ctx) {
  while (pending_.empty()) COORD_TRY(lists_ ? list(ctx) : listen(ctx));
  Delivery next = std::move(pending_.front());
  pending_.pop_front();
  return next;
}

// --- the beginning ---

Result<std::optional<Position>> Subscriber::begin(const Context& ctx) {
  if (from_.must_exist) known_ = from_.position.revision;
  COORD_TRY_INTO(const std::int64_t revision, look(ctx));
  const bool is_position = from_.kind == From::Kind::position;
  if (is_position && from_.position.revision > revision)
    return fail(Code::bad_data, fmt::format("revision {} is still to come: the store is at {}",
                                            from_.position.next_revision(), revision));
  if (from_.kind == From::Kind::beginning) {
    list_at(revision);
    return std::nullopt;
  }
  done_ = from_.kind == From::Kind::now ? Position{.revision = revision} : from_.position;
  return done_;
}

// The revision of the store; it never falls.
Result<std::int64_t> Subscriber::look(const Context& ctx) {
  COORD_TRY_INTO(const auto reply,
                 etcd::Kv(*client_).range(ctx, {.key = prefix_, .count_only = true}));
  if (reply.header.revision < known_) {
    return fail(Code::bad_data,
                fmt::format("the store is at revision {}, and was at {} before",
                            reply.header.revision, known_),
                "it was restored from a backup, or is another one");
  }
  known_ = reply.header.revision;
  return known_;
}

// --- what comes ---

Result<> Subscriber::listen(const Context& ctx) {
  if (watch_ == 0) {
    auto all = etcd::RangeRequest::prefix(prefix_);
    watch_ = watcher_.add({.key = all.key,
                           .range_end = all.range_end,
                           .start_revision = done_.next_revision(),
                           .no_delete = true});
    silent_at_ = after(BootClock::now(), silence_);
  }
  auto reply = watcher_.next(ctx.until(silent_at_));
  // A reply that came as CTX ended is out of the queue: it is heard, or it would be missed.
  if (!reply) COORD_TRY(ctx.check("subscribe"));
  silent_at_ = after(BootClock::now(), silence_);
  if (!reply) return on_silence(ctx);
  return reply->id == watch_ ? hear(ctx, *std::move(reply)) : Result<>{};
}

Result<> Subscriber::hear(const Context& ctx, etcd::WatchReply reply) {
  switch (reply.kind) {
    case Kind::progress:
      return {};
    case Kind::events: {
      std::vector<etcd::KeyValue> messages;
      messages.reserve(reply.events.size());
      for (etcd::Event& event : reply.events) messages.push_back(std::move(event.kv));
      take(std::move(messages));
      known_ = std::max(known_, done_.revision);
      return {};
    }
    case Kind::interrupted:
      interrupted_ = true;
      pending_.push_back({.kind = Delivery::Kind::interrupted, .error = reply.error});
      return {};
    case Kind::created:  // also after an outage that began before it stood
    case Kind::resumed: {
      if (!std::exchange(interrupted_, false)) return {};
      COORD_TRY(patiently(ctx, [&](const Context& bounded) { return look(bounded); }));
      pending_.push_back({.kind = Delivery::Kind::resumed});
      return {};
    }
    case Kind::compacted:
      watch_ = 0;
      on_compacted(reply.compact_revision);
      return {};
    case Kind::cancelled:
      watch_ = 0;
      if (reply.error.code == Code::denied) return std::unexpected(reply.error);
      ctx.sleep(kRequestPause);
      return {};
  }
  return {};
}

void Subscriber::on_compacted(std::int64_t revision) {
  pending_.push_back({.kind = Delivery::Kind::gap,
                      .position = done_,
                      .gap_from = done_.next_revision(),
                      .gap_to = revision - 1});
  list_at(revision);
}

Result<> Subscriber::on_silence(const Context& ctx) {
  auto now = look(ctx.at_most(kRequestLimit));
  if (!now && now.error().code != Code::unavailable) return std::unexpected(now.error());
  if (!now || *now == checked_ || *now <= done_.revision) return {};
  auto request = newer();
  request.revision = *now;
  request.limit = 1;
  request.keys_only = true;
  const auto found = etcd::Kv(*client_).range(ctx.at_most(kRequestLimit), request);
  if (!found) return {};  // it is asked again after the next silence
  checked_ = *now;
  if (!found->kvs.empty()) list_at(*now);
  return {};
}

}  // namespace coord::recipe
