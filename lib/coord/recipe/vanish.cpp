#include "coord/recipe/vanish.hpp"

#include "coord/recipe/patience.hpp"
#include "coord/recipe/rereads.hpp"

namespace coord::recipe {

using Kind = etcd::WatchReply::Kind;

Vanish::Vanish(etcd::Client& client, std::string own_key, std::int64_t own_created)
    : client_(&client), watcher_(client), own_{std::move(own_key), own_created, 0} {}

Result<> Vanish::wait(const Context& ctx, const std::string& key, std::int64_t created,
                      std::int64_t seen) {
  seen_ = seen;
  if (own_.watch == 0) watch(own_);
  other_ = {key, created, 0};
  watch(other_);
  Rereads rereads;
  for (bool over = false; !over;) {
    const auto reply = watcher_.next(ctx.until(rereads.next()));
    COORD_TRY(ctx.check("waiting"));
    if (reply) {
      if (reply->id == other_.watch && reply->kind == Kind::created) rereads.watch_stands();
      COORD_TRY_INTO(over, follow_reply(ctx, *reply));
    } else {
      COORD_TRY_INTO(over, read_again(ctx, rereads.is_early()));
      rereads.done();
    }
  }
  watcher_.remove(other_.watch);
  return {};
}

void Vanish::watch(Target& target) {
  target.watch = watcher_.add({.key = target.key, .no_put = true});
}

Vanish::News Vanish::news_of(const etcd::WatchReply& reply) const {
  switch (reply.kind) {
    case Kind::created:
      return reply.header.revision == seen_ ? News::none : News::doubt;
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

Result<bool> Vanish::follow_reply(const Context& ctx, const etcd::WatchReply& reply) {
  const bool own = reply.id == own_.watch;
  if (!own && reply.id != other_.watch) return false;  // of an earlier wait
  const News news = news_of(reply);
  if (news == News::none) return false;
  if (news == News::gone) {
    if (own) return fail(Code::lost, "the own key '" + own_.key + "' is gone");
    return true;
  }
  if (news == News::ended) {
    if (reply.error.code == Code::denied) return std::unexpected(reply.error);
    watch(own ? own_ : other_);
  }
  return read_again(ctx, false);
}

Result<bool> Vanish::read_again(const Context& ctx, bool serializable) {
  const auto there = [](const etcd::RangeReply& reply, const Target& target) {
    return !reply.kvs.empty() && reply.kvs.front().create_revision == target.created;
  };
  etcd::Txn both;
  for (const Target* target : {&own_, &other_}) {
    both.then(
        etcd::RangeRequest{.key = target->key, .serializable = serializable, .keys_only = true});
  }
  COORD_TRY_INTO(const etcd::TxnReply reply, patiently(ctx, [&](const Context& bounded) {
                   return etcd::Kv(*client_).txn(bounded, both, etcd::Repeat::safe);
                 }));
  // A member that lags may not have our own key yet: only a current answer can take it from us.
  if (!serializable && !there(reply.range(0), own_)) {
    return fail(Code::lost, "the own key '" + own_.key + "' is gone");
  }
  if (serializable && reply.header.revision < seen_) return false;  // it lags
  return !there(reply.range(1), other_);
}

}  // namespace coord::recipe
