#include "coord/recipe/backlog.hpp"

#include "coord/recipe/patience.hpp"
#include "coord/recipe/queue_claim.hpp"
#include "coord/recipe/rereads.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using Kind = etcd::WatchReply::Kind;

namespace {

constexpr Duration kRecover = 5s;

}  // namespace

Backlog::Backlog(etcd::Client& client, QueueName queue, std::int64_t page, int most_attempts)
    : client_(&client), queue_(std::move(queue)), page_(page), most_attempts_(most_attempts) {}

Result<> Backlog::await(const Context& ctx, bool wait) {
  COORD_TRY(recover_dead(ctx));
  // Among priorities what has come since is perhaps to be served first.
  if (queue_.kind == layout::QueueKind::priority) items_.clear();
  if (!items_.empty()) return {};
  COORD_TRY_INTO(const std::int64_t seen, read(ctx));
  if (!items_.empty()) return {};
  if (!wait) return fail(Code::busy, "it is empty");
  return listen(ctx, seen);
}

Result<> Backlog::recover_dead(const Context& ctx) {
  if (BootClock::now() < next_recovery_) return {};
  COORD_TRY(recover(*client_, ctx, queue_.name, most_attempts_));
  next_recovery_ = after(BootClock::now(), kRecover);
  return {};
}

Result<std::int64_t> Backlog::read(const Context& ctx) {
  COORD_TRY_INTO(QueuePage page, patiently(ctx, [&](const Context& bounded) {
                   return first_items(*client_, bounded, queue_, page_);
                 }));
  items_.assign(std::make_move_iterator(page.items.begin()),
                std::make_move_iterator(page.items.end()));
  if (!page.foreign.empty()) foreign_ = std::move(page.foreign);
  return page.revision;
}

std::int64_t Backlog::watch(etcd::Watcher& watcher) const {
  const auto range = etcd::RangeRequest::prefix(layout::queue_prefix(queue_.name));
  return watcher.add({.key = range.key, .range_end = range.range_end, .no_delete = true});
}

Result<> Backlog::listen(const Context& ctx, std::int64_t seen) {
  etcd::Watcher watcher(*client_);
  std::int64_t id = watch(watcher);
  Rereads rereads(kRecover);
  while (items_.empty()) {
    const auto reply = watcher.next(ctx.until(rereads.next()));
    COORD_TRY(ctx.check("waiting"));
    if (!reply) {
      if (!rereads.is_early()) COORD_TRY(recover_dead(ctx));
      COORD_TRY_INTO(seen, read(ctx));
      rereads.done();
      continue;
    }
    if (reply->id != id) continue;
    if (reply->kind == Kind::created) rereads.watches_stand();
    if (reply->kind == Kind::events) take(*reply);
    COORD_TRY_INTO(const bool doubt, in_doubt(*reply, seen));
    if (reply->kind == Kind::compacted || reply->kind == Kind::cancelled) id = watch(watcher);
    if (doubt) {
      COORD_TRY_INTO(seen, read(ctx));
    }
  }
  return {};
}

Result<bool> Backlog::in_doubt(const etcd::WatchReply& reply, std::int64_t seen) {
  if (reply.kind == Kind::cancelled && reply.error.code == Code::denied)
    return std::unexpected(reply.error);
  return (reply.kind == Kind::created && reply.header.revision != seen) ||
         reply.kind == Kind::resumed || reply.kind == Kind::compacted ||
         reply.kind == Kind::cancelled;
}

void Backlog::take(const etcd::WatchReply& reply) {
  for (const etcd::Event& event : reply.events) {
    const auto parsed = layout::parse_queue_item(queue_.name, event.kv.key);
    if (!parsed || parsed->kind != queue_.kind) {
      foreign_ = event.kv.key;
      continue;
    }
    items_.push_back({event.kv.key, event.kv.value, event.kv.mod_revision, parsed->attempts});
  }
}

}  // namespace coord::recipe
