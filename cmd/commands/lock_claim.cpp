#include "cmd/commands/lock_claim.hpp"

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

}  // namespace coord::commands
