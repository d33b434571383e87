#include "coord/recipe/belongings.hpp"

#include <algorithm>

#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/recipe/contenders.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using Kind = etcd::WatchReply::Kind;

namespace {

constexpr Duration kLookAgain = 2s;

}  // namespace

Belongings::Belongings(etcd::Client& client, std::int64_t lease, Notifier& changed)
    : client_(&client),
      lease_(lease),
      changed_(&changed),
      watcher_([this](const std::stop_token& stop) { run(stop); }) {}

Belongings::~Belongings() = default;

std::optional<Error> Belongings::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

void Belongings::lose(const std::string& key, const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    lost_ = Error{Code::lost, "the key " + in_quotes(key) + " " + why, ""};
  }
  changed_->post();
}

void Belongings::run(const std::stop_token& stop) {
  const Context ctx(stop);
  etcd::Watcher watcher(*client_);
  for (bool intact = true; intact && !stop.stop_requested();) {
    look(ctx, watcher);
    const Context until_next = ctx.at_most(kLookAgain);
    while (intact && !until_next.expired() && !stop.stop_requested()) {
      if (const auto reply = watcher.next(until_next)) intact = hear(ctx, *reply);
    }
  }
}

// What cannot be read now is read the next time: the lease's own deadline deals with an outage.
void Belongings::look(const Context& ctx, etcd::Watcher& watcher) {
  for (auto& [key, watch] : watches_) {
    if (watch.id == 0) watch.id = watcher.add({.key = key, .start_revision = watch.from});
  }
  const auto lease = etcd::Lease(*client_).time_to_live(ctx.at_most(kRequestLimit), lease_, true);
  if (!lease) return;
  const std::set<std::string> there(lease->keys.begin(), lease->keys.end());
  forget_gone(there, watcher);
  for (const std::string& key : there) {
    if (watches_.contains(key) || !layout::may_hold(key, lease_)) continue;
    const auto reply = etcd::Kv(*client_).range(ctx.at_most(kRequestLimit), {.key = key});
    if (!reply || reply->kvs.empty() || reply->kvs.front().lease != lease_) continue;
    const auto next = reply->header.revision + 1;
    watches_[key].id = watcher.add({.key = key, .start_revision = next});
  }
}

// A session may take and give back for days. What has come back meanwhile stays watched.
void Belongings::forget_gone(const std::set<std::string>& there, etcd::Watcher& watcher) {
  std::erase_if(watches_, [&](const auto& one) {
    const bool goes = one.second.gone && !there.contains(one.first);
    if (goes) watcher.remove(one.second.id);
    return goes;
  });
}

bool Belongings::hear(const Context& ctx, const etcd::WatchReply& reply) {
  const auto found =
      std::ranges::find_if(watches_, [&](const auto& one) { return one.second.id == reply.id; });
  if (found == watches_.end()) return true;
  auto& [key, watch] = *found;
  for (const etcd::Event& event : reply.events) {
    watch.gone = event.type == etcd::Event::Type::remove;
    if (!watch.gone && event.kv.lease == lease_) continue;
    if (!watch.gone) return lose(key, "was overwritten without its lease"), false;
    const std::int64_t revision = event.kv.mod_revision;
    if (was_given_back(ctx, revision) || was_waiting(ctx, key, revision)) continue;
    return lose(key, "was deleted"), false;
  }
  if (reply.kind == Kind::compacted && !watch.gone && !is_there(ctx, key))
    return lose(key, "has gone, and how was compacted"), false;
  // As a guard has it (guard.hpp): nothing would tell that the key is gone.
  if (reply.kind == Kind::cancelled && reply.error.code == Code::denied && !watch.gone) {
    const auto again = etcd::Kv(*client_).range(ctx.at_most(kRequestLimit), {.key = key});
    if (!again && again.error().code == Code::denied)
      return lose(key, "can no longer be looked at: " + again.error().message), false;
  }
  // The next look watches it again, from where this one ended: what happens meanwhile counts.
  if (reply.kind == Kind::compacted) watch = {.from = reply.compact_revision, .gone = watch.gone};
  if (reply.kind == Kind::cancelled) watch = {.from = reply.next_revision, .gone = watch.gone};
  return true;
}

// What cannot be read is not called lost.
bool Belongings::is_there(const Context& ctx, const std::string& key) {
  const auto reply = patiently(
      ctx, [&](const Context& bounded) { return etcd::Kv(*client_).range(bounded, {.key = key}); });
  return !reply || (!reply->kvs.empty() && reply->kvs.front().lease == lease_);
}

bool Belongings::was_given_back(const Context& ctx, std::int64_t revision) {
  const etcd::RangeRequest request{.key = layout::session_key(lease_), .revision = revision};
  const auto reply = patiently(
      ctx, [&](const Context& bounded) { return etcd::Kv(*client_).range(bounded, request); });
  if (!reply && ctx.stopped()) return true;  // nobody asks any more
  return reply && !reply->kvs.empty() && reply->kvs.front().mod_revision == revision;
}

// Whoever is not first in line just before REVISION cannot have been so earlier.
bool Belongings::was_waiting(const Context& ctx, const std::string& key, std::int64_t revision) {
  const auto held = patiently(
      ctx, [&](const Context& bounded) { return held_at(*client_, bounded, key, revision - 1); });
  return held ? !*held : ctx.stopped();
}

}  // namespace coord::recipe
