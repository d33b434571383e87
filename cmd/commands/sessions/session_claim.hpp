// SessionClaim: nothing but the lease, and a key that tells others whose it is.
#pragma once

#include "cmd/run/plan.hpp"
#include "coord/recipe/holder_info.hpp"

namespace coord::commands {

class SessionClaim final : public run::Claim {
 public:
  explicit SessionClaim(recipe::HolderInfo info) : info_(std::move(info)) {}

  bool has_belongings() const override { return true; }
  std::string what() const override { return "the session"; }
  Result<std::vector<recipe::Held>> acquire(const Context& ctx, etcd::Client& client,
                                            const etcd::Session& session) override;
  Result<run::Obstacle> obstacle(const Context& ctx, etcd::Client& client,
                                 std::int64_t own_lease) override;
  run::Variables variables(const std::vector<recipe::Held>& held) const override;

 private:
  recipe::HolderInfo info_;
};

}  // namespace coord::commands
