#include "cmd/commands/shared/lock_claim.hpp"

#include "coord/recipe/lock.hpp"

namespace coord::commands {

LockClaim::LockClaim(std::vector<std::string> names, bool wait, recipe::HolderInfo info,
                     std::string key_prefix)
    : ContenderClaim("lock", std::move(names), wait, std::move(key_prefix)),
      info_(std::move(info)) {}

Result<recipe::Held> LockClaim::take(const Context& ctx, etcd::Client& client,
                                     const etcd::Session& session, const std::string& name,
                                     bool wait) {
  recipe::Lock lock(client, session, name, info_);
  return wait ? lock.acquire(ctx) : lock.try_acquire(ctx);
}

Result<std::vector<recipe::Held>> LockClaim::acquire(const Context& ctx, etcd::Client& client,
                                                     const etcd::Session& session) {
  COORD_TRY_INTO(auto all, ContenderClaim::acquire(ctx, client, session));
  shown_.clear();  // those of an attempt that has lost its lease
  for (std::size_t i = 0; shows_ && i < all.size(); ++i) {
    auto own = read_own_key(ctx, client, all[i].key, waits());
    if (!own) return std::unexpected(in_context(what(), own.error()));
    own->kv.value.clear();  // etcdctl's keys have no value; what ours says is for `who`
    shown_.push_back(*std::move(own));
  }
  return all;
}

Result<> LockClaim::show(cli::Env& env, const std::vector<recipe::Held>& held) const {
  if (!shows_) return ContenderClaim::show(env, held);
  for (const OwnKey& own : shown_) print_own_key(env, own);
  return env.out().flush();
}

}  // namespace coord::commands
