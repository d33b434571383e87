#include "coord/recipe/backlog.hpp"

#include "coord/recipe/changes.hpp"
#include "coord/recipe/patience.hpp"
#include "coord/recipe/queue_claim.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;

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

Result<> Backlog::listen(const Context& ctx, std::int64_t seen) {
  const auto all = etcd::RangeRequest::prefix(layout::queue_prefix(queue_.name));
  Changes changes(*client_, {{.key = all.key, .range_end = all.range_end, .no_delete = true}});
  while (items_.empty()) {
    COORD_TRY_INTO(const auto events, changes.wait(ctx, seen, kRecover));
    take(events);
    if (!items_.empty()) break;
    COORD_TRY(recover_dead(ctx));
    if (events.empty()) {
      COORD_TRY_INTO(seen, read(ctx));
    }
  }
  return {};
}

void Backlog::take(const std::vector<etcd::Event>& events) {
  for (const etcd::Event& event : events) {
    const auto parsed = layout::parse_queue_item(queue_.name, event.kv.key);
    if (!parsed || parsed->kind != queue_.kind) {
      foreign_ = event.kv.key;
      continue;
    }
    items_.push_back({event.kv.key, event.kv.value, event.kv.mod_revision, parsed->attempts});
  }
}

}  // namespace coord::recipe
