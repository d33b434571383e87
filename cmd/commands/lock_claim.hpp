// LockClaim: one lock, or several taken in sorted order so that two of us can never wait for each
// other.
#pragma once

#include <string>
#include <vector>

#include "cmd/run/plan.hpp"
#include "coord/recipe/contenders.hpp"
#include "coord/recipe/holder_info.hpp"

namespace coord::commands {

class LockClaim final : public run::Claim {
 public:
  // NAMES sorted and different. KEY_PREFIX: the client's namespace, for variables that etcdctl's
  // scripts read.
  LockClaim(std::vector<std::string> names, bool wait, recipe::HolderInfo info,
            std::string key_prefix);

  std::string what() const override;
  Result<std::vector<recipe::Held>> acquire(const Context& ctx, etcd::Client& client,
                                            const etcd::Session& session) override;
  Result<run::Obstacle> obstacle(const Context& ctx, etcd::Client& client,
                                 std::int64_t own_lease) override;
  std::string remark(const Context& ctx, etcd::Client& client,
                     std::int64_t own_lease) const override;
  run::Variables variables(const std::vector<recipe::Held>& held) const override;

 private:
  Result<recipe::Held> acquire_one(const Context& ctx, etcd::Client& client,
                                   const etcd::Session& session, const std::string& name);

  Result<> check_all(const Context& ctx, etcd::Client& client,
                     const std::vector<recipe::Held>& all) const;

  std::vector<std::string> names_;
  bool wait_;
  recipe::HolderInfo info_;
  std::string key_prefix_;
};

}  // namespace coord::commands
