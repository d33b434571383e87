// LockClaim: one lock, or several taken in sorted order so that two of us can never wait for each
// other.
#pragma once

#include "cmd/commands/shared/contender_claim.hpp"
#include "cmd/commands/shared/own_key.hpp"
#include "coord/recipe/holder_info.hpp"

namespace coord::commands {

class LockClaim final : public ContenderClaim {
 public:
  // NAMES sorted and different.
  LockClaim(std::vector<std::string> names, bool wait, recipe::HolderInfo info,
            std::string key_prefix);
  // There is no CMD, and the format is one for machines: the keys are looked up to be printed as
  // etcdctl does. In simple it would show no more than their names.
  void show_keys() { shows_ = true; }

  Result<std::vector<recipe::Held>> acquire(const Context& ctx, etcd::Client& client,
                                            const etcd::Session& session) override;
  Result<> show(cli::Env& env, const std::vector<recipe::Held>& held) const override;

 private:
  Result<recipe::Held> take(const Context& ctx, etcd::Client& client, const etcd::Session& session,
                            const std::string& name, bool wait) override;

  recipe::HolderInfo info_;
  bool shows_ = false;
  std::vector<OwnKey> shown_;
};

}  // namespace coord::commands
