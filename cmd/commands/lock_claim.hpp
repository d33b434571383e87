// LockClaim: one lock, or several taken in sorted order so that two of us can never wait for each
// other.
#pragma once

#include "cmd/commands/contender_claim.hpp"
#include "coord/recipe/holder_info.hpp"

namespace coord::commands {

class LockClaim final : public ContenderClaim {
 public:
  // NAMES sorted and different.
  LockClaim(std::vector<std::string> names, bool wait, recipe::HolderInfo info,
            std::string key_prefix);

 private:
  Result<recipe::Held> take(const Context& ctx, etcd::Client& client, const etcd::Session& session,
                            const std::string& name, bool wait) override;

  recipe::HolderInfo info_;
};

}  // namespace coord::commands
