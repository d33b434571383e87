#include "coord/recipe/stm_fate.hpp"

#include "coord/etcd/watch.hpp"
#include "coord/recipe/stm_request.hpp"

namespace coord::recipe {
namespace {

using Kind = etcd::WatchReply::Kind;

// A key that the commit would have written, and from where on its history tells.
struct Suspect {
  const std::string& key;
  const Stm::Write& write;
  bool existed = false;  // surely, when it was read
  bool guarded = true;   // the commit does not take effect when somebody else was first
  std::int64_t since = 0;
};

Suspect suspect(const Stm& attempt, const std::string& key, const Stm::Write& write) {
  const auto seen = attempt.reads().find(key);
  if (seen != attempt.reads().end())
    return {key, write, seen->second.kv.has_value(), true, seen->second.revision + 1};
  const bool guarded = attempt.isolation() == Isolation::serializable_snapshot;
  return {key, write, false, guarded, first_revision(attempt).value_or(0) + 1};
}

enum class Change { no, yes, unknown };

Change has_changed(etcd::Client& client, const Context& ctx, const Suspect& suspect) {
  const auto now = patiently(ctx, [&](const Context& bounded) {
    return etcd::Kv(client).range(bounded, {.key = suspect.key, .keys_only = true});
  });
  if (!now) return Change::unknown;
  if (now->kvs.empty()) return suspect.existed ? Change::yes : Change::unknown;
  return now->kvs.front().mod_revision < suspect.since ? Change::no : Change::yes;
}

// From the history, which a watch tells: this is no waiting, the event is there already.
std::optional<etcd::Event> first_change(etcd::Client& client, const Context& ctx,
                                        const Suspect& suspect) {
  etcd::Watcher watcher(client);
  (void)watcher.add({.key = suspect.key, .start_revision = suspect.since});
  for (;;) {
    auto reply = watcher.next(ctx);
    if (!reply || reply->kind == Kind::compacted || reply->kind == Kind::cancelled)
      return std::nullopt;
    if (reply->kind == Kind::events && !reply->events.empty())
      return std::move(reply->events.front());
  }
}

bool is_ours(const etcd::Event& event, const Stm::Write& write) {
  if (event.type == etcd::Event::Type::remove) return write.removes;
  return !write.removes && event.kv.value == write.value && event.kv.lease == write.lease;
}

}  // namespace

bool was_not_done(etcd::Client& client, const Context& ctx, const Stm& attempt) {
  std::optional<std::int64_t> ours;  // the revision of what looks like our writes
  for (const auto& [key, write] : attempt.writes()) {
    const Suspect each = suspect(attempt, key, write);
    const Change change = has_changed(client, ctx, each);
    if (change == Change::no) return true;
    if (change != Change::yes || !each.guarded) continue;
    const auto first = first_change(client, ctx, each);
    if (!first) continue;
    if (!is_ours(*first, write)) return true;
    if (ours.value_or(first->kv.mod_revision) != first->kv.mod_revision) return true;
    ours = first->kv.mod_revision;
  }
  return false;
}

}  // namespace coord::recipe
