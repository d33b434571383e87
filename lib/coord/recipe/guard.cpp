#include "coord/recipe/guard.hpp"

#include <algorithm>

#include "coord/etcd/grants.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using Kind = etcd::WatchReply::Kind;

namespace {

constexpr Duration kRecheck = 5s;       // in case that the watched member is cut off and silent
constexpr Duration kUnwatched = 500ms;  // while there is no watch
constexpr Duration kRewatch = 5s;       // after the server has refused one

bool is_intact(const etcd::KeyValue& kv, const Held& held) {
  return kv.create_revision == held.create_revision && kv.lease == held.lease &&
         (!held.written_once || kv.mod_revision == kv.create_revision);
}

const char* overwritten(const etcd::KeyValue& kv, const Held& held) {
  return kv.lease == held.lease ? "was overwritten" : "was overwritten without its lease";
}

}  // namespace

Guard::Guard(etcd::Client& client, std::vector<Held> held, Notifier& changed)
    : client_(&client), changed_(&changed) {
  for (Held& one : held) watched_.push_back({.held = std::move(one)});
  watcher_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Guard::~Guard() = default;

std::optional<Error> Guard::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

void Guard::lose(const Held& held, const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    if (lost_) return;
    lost_ = Error{Code::lost, "its key '" + held.key + "' " + why, ""};
  }
  changed_->post();
}

void Guard::run(const std::stop_token& stop) {
  const Context ctx(stop);
  etcd::Watcher watcher(*client_);
  for (Watched& one : watched_) {
    one.revision = one.held.revision;
    watch(watcher, one);
  }
  plan_next_check();
  while (!lost() && !stop.stop_requested()) {
    const auto reply = watcher.next(ctx.until(next_check_));
    if (reply) {
      hear(ctx, watcher, *reply);
    } else {
      check_all(ctx, watcher);
    }
  }
}

void Guard::watch(etcd::Watcher& watcher, Watched& one) {
  one.watch = watcher.add({.key = one.held.key, .start_revision = one.revision + 1});
}

// What is heard puts off the look in silence, but not the one at a key that is not watched, or that
// we may not read.
void Guard::plan_next_check() {
  const bool all = std::ranges::all_of(
      watched_, [](const Watched& one) { return one.watch != 0 && !one.refused; });
  if (all) next_check_ = after(BootClock::now(), kRecheck);
  if (!all) next_check_ = std::min(next_check_, after(BootClock::now(), kUnwatched));
}

void Guard::hear(const Context& ctx, etcd::Watcher& watcher, const etcd::WatchReply& reply) {
  const auto found = std::ranges::find(watched_, reply.id, &Watched::watch);
  if (found == watched_.end()) return;
  hear_events(found->held, reply.events);
  const bool refused = reply.kind == Kind::cancelled;
  if (!lost() && (refused || reply.kind == Kind::compacted)) {
    found->watch = 0;
    found->again_at = after(BootClock::now(), kRewatch);
    check(ctx, *found);
    if (!refused) watch(watcher, *found);
  }
  plan_next_check();
}

void Guard::hear_events(const Held& held, const std::vector<etcd::Event>& events) {
  for (const etcd::Event& event : events) {
    if (event.type == etcd::Event::Type::remove)
      return lose(held, "was deleted, or its lease revoked");
    if (!is_intact(event.kv, held)) return lose(held, overwritten(event.kv, held));
  }
}

void Guard::check_all(const Context& ctx, etcd::Watcher& watcher) {
  for (Watched& one : watched_) {
    check(ctx, one);
    if (lost()) return;
    if (one.watch == 0 && BootClock::now() >= one.again_at) watch(watcher, one);
  }
  next_check_ = kNever;
  plan_next_check();
}

// No answer is no proof of loss: the deadline of the lease deals with that. Who may not look any
// more has lost it, since the lease may well be renewed while the key is gone; but whose login
// alone is refused goes on while the watch stands, which would tell.
void Guard::on_no_answer(Watched& one, const Error& error) {
  const bool unwatched = error.code == Code::denied && one.watch == 0;
  if (!unwatched && !etcd::is_permission_denied(error)) return;
  if (std::exchange(one.refused, true))
    lose(one.held, "can no longer be looked at: " + error.message);
}

void Guard::check(const Context& ctx, Watched& one) {
  const auto reply = etcd::Kv(*client_).range(ctx.at_most(kRequestLimit), {.key = one.held.key});
  if (!reply) return on_no_answer(one, reply.error());
  one.refused = false;
  if (reply->kvs.empty()) return lose(one.held, "is gone");
  if (const auto& kv = reply->kvs.front(); !is_intact(kv, one.held)) {
    const bool ours = kv.create_revision == one.held.create_revision;
    return lose(one.held, ours ? overwritten(kv, one.held) : "belongs to somebody else now");
  }
  one.revision = std::max(one.revision, reply->header.revision);
}

}  // namespace coord::recipe
