#include "coord/recipe/vanish.hpp"

#include <algorithm>

#include "coord/recipe/patience.hpp"
#include "coord/recipe/rereads.hpp"

namespace coord::recipe {

using Kind = etcd::WatchReply::Kind;

namespace {

// A transaction takes 128 operations.
constexpr std::size_t kReadAtOnce = 100;

}  // namespace

Vanish::Vanish(etcd::Client& client, std::string own_key, std::int64_t own_created)
    : client_(&client), watcher_(client), own_{.at = {std::move(own_key), own_created}} {}

Result<> Vanish::wait(const Context& ctx, const std::string& key, std::int64_t created,
                      std::int64_t seen) {
  const KeyAt one{key, created};
  return wait_any(ctx, {&one, 1}, seen);
}

Result<> Vanish::wait_any(const Context& ctx, std::span<const KeyAt> keys, std::int64_t seen) {
  seen_ = seen;
  doubt_ = false;
  follow(keys);
  Rereads rereads;
  if (all_stand()) rereads.watches_stand();
  for (bool over = false; !over;) {
    const auto reply = watcher_.next(ctx.until(rereads.next()));
    COORD_TRY(ctx.check("waiting"));
    if (reply) {
      const bool stood = all_stand();
      COORD_TRY_INTO(over, hear(ctx, *reply));
      if (!stood && all_stand()) rereads.watches_stand();
    } else {
      COORD_TRY_INTO(over, read_again(ctx, rereads.is_early()));
      rereads.done();
    }
  }
  return {};
}

void Vanish::follow(std::span<const KeyAt> keys) {
  if (own_.watch == 0) watch(own_);
  const auto before = std::exchange(others_, {});
  for (const KeyAt& key : keys) {
    const auto known = std::ranges::find_if(before, [&](const Target& one) {
      return one.at.created == key.created && one.at.key == key.key;
    });
    others_.push_back(known == before.end() ? Target{.at = key} : *known);
    if (known == before.end()) watch(others_.back());
  }
  for (const Target& old : before) {
    if (std::ranges::find(others_, old.watch, &Target::watch) == others_.end())
      watcher_.remove(old.watch);
  }
}

void Vanish::watch(Target& target) {
  target.watch = watcher_.add({.key = target.at.key, .no_put = true});
  target.stands = false;
}

bool Vanish::all_stand() const {
  return own_.stands && std::ranges::all_of(others_, &Target::stands);
}

Vanish::Target* Vanish::target_of(const etcd::WatchReply& reply) {
  if (reply.id == own_.watch) return &own_;
  const auto found = std::ranges::find(others_, reply.id, &Target::watch);
  return found == others_.end() ? nullptr : &*found;  // none: of an earlier wait
}

Vanish::News Vanish::news_of(const etcd::WatchReply& reply) {
  switch (reply.kind) {
    case Kind::created:
      return News::stands;
    case Kind::events:
      return News::gone;
    case Kind::resumed:
      return News::doubt;
    case Kind::compacted:
    case Kind::cancelled:
      return News::ended;
    case Kind::progress:
    case Kind::interrupted:
      break;
  }
  return News::none;
}

Result<bool> Vanish::hear(const Context& ctx, const etcd::WatchReply& reply) {
  Target* target = target_of(reply);
  const News news = news_of(reply);
  if (target == nullptr || news == News::none) return false;
  const bool own = target == &own_;
  if (news == News::gone) {
    if (own) return fail(Code::lost, "the own key '" + own_.at.key + "' is gone");
    return true;
  }
  if (news == News::stands) {
    target->stands = true;
    doubt_ = doubt_ || reply.header.revision != seen_;
    if (!doubt_ || !all_stand()) return false;
  }
  if (news == News::ended) {
    if (reply.error.code == Code::denied) return std::unexpected(reply.error);
    if (reply.kind == Kind::cancelled) ctx.sleep(kRequestPause);
    watch(*target);
  }
  return read_again(ctx, false);
}

Result<bool> Vanish::read_again(const Context& ctx, bool serializable) {
  for (std::size_t i = 0; i < others_.size(); i += kReadAtOnce) {
    const auto some = std::span(others_).subspan(i, std::min(kReadAtOnce, others_.size() - i));
    COORD_TRY_INTO(const bool gone, read_some(ctx, some, serializable));
    if (gone) return true;
  }
  return false;
}

Result<bool> Vanish::read_some(const Context& ctx, std::span<const Target> some,
                               bool serializable) {
  const auto there = [](const etcd::RangeReply& reply, const Target& target) {
    return !reply.kvs.empty() && reply.kvs.front().create_revision == target.at.created;
  };
  const auto read = [&](const Target& target) {
    return etcd::RangeRequest{
        .key = target.at.key, .serializable = serializable, .keys_only = true};
  };
  etcd::Txn all;
  all.then(read(own_));
  for (const Target& target : some) all.then(read(target));
  COORD_TRY_INTO(const etcd::TxnReply reply, patiently(ctx, [&](const Context& bounded) {
                   return etcd::Kv(*client_).txn(bounded, all, etcd::Repeat::safe);
                 }));
  // A member that lags may not have our own key yet: only a current answer can take it from us.
  if (!serializable && !there(reply.range(0), own_)) {
    return fail(Code::lost, "the own key '" + own_.at.key + "' is gone");
  }
  if (serializable && reply.header.revision < seen_) return false;  // it lags
  for (std::size_t i = 0; i < some.size(); ++i) {
    if (!there(reply.range(i + 1), some[i])) return true;
  }
  return false;
}

}  // namespace coord::recipe
