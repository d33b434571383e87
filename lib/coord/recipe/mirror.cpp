#include "coord/recipe/mirror.hpp"

#include <utility>

namespace coord::recipe {
namespace {

using namespace std::chrono_literals;

constexpr Duration kTick = 500ms;
constexpr Duration kPatience = 5s;           // for one transaction, before it is said
constexpr std::size_t kMostBytes = 1 << 20;  // of a transaction; etcd takes 1.5 MiB

bool is_tick(const Error& error, const Context& ctx) {
  return error.code == Code::timed_out && !ctx.expired() && !ctx.stopped();
}

std::size_t bytes_of(const etcd::Event& event) {
  return event.kv.key.size() + event.kv.value.size();
}

}  // namespace

Result<> Mirror::run(const Context& ctx, const Note& note, const Tick& tick) {
  note_ = note;
  tick_ = tick;
  return plan_.revision > 0 ? follow_changes(ctx) : follow(ctx);
}

Result<> Mirror::follow(const Context& ctx) {
  LiveRange range(*source_, RangeFollowed::prefix(plan_.prefix, Keep::revisions));
  while (true) {
    tick_();
    const auto news = range.next(ctx.at_most(kTick));
    if (!news && is_tick(news.error(), ctx)) continue;
    if (!news) return std::unexpected(news.error());
    if (news->kind == RangeNews::Kind::interrupted) note_("source: " + news->error.message);
    if (news->kind == RangeNews::Kind::resumed) note_("source: it is there again");
    if (news->kind == RangeNews::Kind::relisted)
      note_("source: what has changed was compacted; all keys were read again");
    COORD_TRY(apply(ctx, news->events, news->kind == RangeNews::Kind::changed));
  }
}

Result<> Mirror::follow_changes(const Context& ctx) {
  const auto range = etcd::RangeRequest::prefix(plan_.prefix);
  etcd::Watcher watcher(*source_);
  watcher.add({.key = range.key, .range_end = range.range_end, .start_revision = plan_.revision});
  while (true) {
    tick_();
    const auto reply = watcher.next(ctx.at_most(kTick));
    if (!reply && is_tick(reply.error(), ctx)) continue;
    if (!reply) return std::unexpected(reply.error());
    using Kind = etcd::WatchReply::Kind;
    if (reply->kind == Kind::compacted) {
      return fail(Code::compacted,
                  "source: the changes before revision " + std::to_string(reply->compact_revision) +
                      " have been compacted",
                  "start again without --rev");
    }
    if (reply->kind == Kind::cancelled) return std::unexpected(reply->error);
    if (reply->kind == Kind::interrupted) note_("source: " + reply->error.message);
    if (reply->kind == Kind::resumed) note_("source: it is there again");
    COORD_TRY(apply(ctx, reply->events, true));
  }
}

// A transaction may write a key only once, so one never spans two changes of it: within a revision,
// as within a list, each key comes once.
Result<> Mirror::apply(const Context& ctx, const std::vector<etcd::Event>& events,
                       bool by_revision) {
  etcd::Txn txn;
  std::size_t bytes = 0;
  std::int64_t revision = 0;
  for (const etcd::Event& event : events) {
    const bool other = by_revision && event.kv.mod_revision != revision;
    const bool full =
        std::ssize(txn.success) >= plan_.max_txn_ops || bytes + bytes_of(event) > kMostBytes;
    if (other || full) {
      COORD_TRY(commit(ctx, txn));
      bytes = 0;
    }
    revision = event.kv.mod_revision;
    bytes += bytes_of(event);
    take(event, txn);
  }
  return commit(ctx, txn);
}

void Mirror::take(const etcd::Event& event, etcd::Txn& txn) {
  std::string key = plan_.destination_prefix + event.kv.key.substr(plan_.prefix.size());
  if (key.empty()) return note_("left out: a key that would be empty without its prefix");
  if (event.type == etcd::Event::Type::put) {
    txn.then(etcd::PutRequest{.key = std::move(key), .value = event.kv.value});
  } else {
    txn.then(etcd::DeleteRequest{.key = std::move(key)});
  }
}

Result<> Mirror::commit(const Context& ctx, etcd::Txn& txn) {
  bool told = false;
  while (!txn.success.empty()) {
    const auto reply = etcd::Kv(*destination_).txn(ctx.at_most(kPatience), txn, etcd::Repeat::safe);
    tick_();
    if (ctx.stopped()) return fail(Code::cancelled, "cancelled");
    if (!reply && reply.error().code != Code::unavailable) {
      return std::unexpected(in_context("destination", reply.error()));
    }
    if (!reply) {
      if (!std::exchange(told, true)) note_("destination: " + reply.error().message);
      ctx.sleep(kTick);
      continue;
    }
    mirrored_ += std::ssize(txn.success);
    txn = {};
  }
  if (told) note_("destination: it is there again");
  return {};
}

}  // namespace coord::recipe
