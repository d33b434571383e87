#include "coord/recipe/guard.hpp"

#include <algorithm>

#include "coord/recipe/patience.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using Kind = etcd::WatchReply::Kind;

namespace {

constexpr Duration kRecheck = 5s;  // in case that the watched member is cut off and silent

bool is_intact(const etcd::KeyValue& kv, const Held& held) {
  return kv.create_revision == held.create_revision && kv.lease == held.lease &&
         (!held.written_once || kv.mod_revision == kv.create_revision);
}

const char* overwritten(const etcd::KeyValue& kv, const Held& held) {
  return kv.lease == held.lease ? "was overwritten" : "was overwritten without its lease";
}

}  // namespace

Guard::Guard(etcd::Client& client, std::vector<Held> held, Notifier& changed)
    : client_(&client),
      held_(std::move(held)),
      watches_(held_.size()),
      changed_(&changed),
      watcher_([this](const std::stop_token& stop) { run(stop); }) {}

Guard::~Guard() = default;

std::optional<Error> Guard::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

void Guard::lose(const Held& held, const std::string& why) {
  {
    const std::lock_guard lock(mutex_);
    lost_ = Error{Code::lost, "its key '" + held.key + "' " + why, ""};
  }
  changed_->post();
}

void Guard::run(const std::stop_token& stop) {
  const Context ctx(stop);
  etcd::Watcher watcher(*client_);
  for (std::size_t i = 0; i < held_.size(); ++i) watch(watcher, i, held_[i].revision + 1);
  for (bool intact = true; intact && !stop.stop_requested();) {
    const auto reply = watcher.next(ctx.at_most(kRecheck));
    intact = reply ? hear(ctx, watcher, *reply) : check_all(ctx);
  }
}

void Guard::watch(etcd::Watcher& watcher, std::size_t i, std::int64_t revision) {
  watches_[i] = watcher.add({.key = held_[i].key, .start_revision = revision});
}

bool Guard::hear(const Context& ctx, etcd::Watcher& watcher, const etcd::WatchReply& reply) {
  const auto found = std::ranges::find(watches_, reply.id);
  if (found == watches_.end()) return true;
  const auto i = static_cast<std::size_t>(found - watches_.begin());
  const Held& held = held_[i];
  for (const etcd::Event& event : reply.events) {
    if (event.type == etcd::Event::Type::remove)
      return lose(held, "was deleted, or its lease revoked"), false;
    if (!is_intact(event.kv, held)) return lose(held, overwritten(event.kv, held)), false;
  }
  if (reply.kind == Kind::compacted || reply.kind == Kind::cancelled) {
    const auto revision = check(ctx, held);
    if (lost()) return false;
    if (reply.kind == Kind::cancelled) ctx.sleep(kRecheck);
    watch(watcher, i, revision.value_or(held.revision) + 1);
  }
  return true;
}

bool Guard::check_all(const Context& ctx) {
  for (const Held& held : held_) check(ctx, held);
  return !lost();
}

std::optional<std::int64_t> Guard::check(const Context& ctx, const Held& held) {
  const auto reply = etcd::Kv(*client_).range(ctx.at_most(kRequestLimit), {.key = held.key});
  if (!reply)
    return std::nullopt;  // no answer is no proof of loss: the deadline of the lease deals with
                          // that
  if (reply->kvs.empty()) {
    lose(held, "is gone");
  } else if (!is_intact(reply->kvs.front(), held)) {
    const bool ours = reply->kvs.front().create_revision == held.create_revision;
    lose(held, ours ? overwritten(reply->kvs.front(), held) : "belongs to somebody else now");
  }
  return reply->header.revision;
}

}  // namespace coord::recipe
