// DbarrierClaim: one place at a double barrier, from enter to leave.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "cmd/cli/env.hpp"
#include "cmd/run/plan.hpp"
#include "coord/recipe/holder_info.hpp"

namespace coord::commands {

class DbarrierClaim final : public run::Claim {
 public:
  // TIMEOUT bounds entering and leaving, each; 0: enter only if all others are here already.
  DbarrierClaim(cli::Env& env, std::string name, std::int64_t count,
                std::optional<Duration> timeout, recipe::HolderInfo info);

  // Blocks until all are here; the errors name the barrier.
  Result<recipe::Held> enter(const Context& ctx, etcd::Client& client, std::int64_t lease);
  // Blocks until all have left, and says after a second whom it waits for.
  Result<> leave(const Context& ctx, etcd::Client& client, const recipe::Held& held);

  std::string what() const override;
  Result<std::vector<recipe::Held>> acquire(const Context& ctx, etcd::Client& client,
                                            const etcd::Session& session) override;
  // Who has not come, or while we leave: who has not left.
  Result<run::Obstacle> obstacle(const Context& ctx, etcd::Client& client,
                                 std::int64_t own_lease) override;
  run::Variables variables(const std::vector<recipe::Held>& held) const override;
  // Leaves. A command that was killed by a signal keeps nobody: it retreats.
  Result<> settle(const Context& ctx, etcd::Client& client, const std::vector<recipe::Held>& held,
                  std::optional<int> wait_status) override;
  // Goes without waiting for the others.
  Result<> retreat(const Context& ctx, etcd::Client& client,
                   const std::vector<recipe::Held>& held) override;
  Duration settle_limit() const override;

 private:
  cli::Env* env_;
  std::string name_;
  std::int64_t count_;
  std::optional<Duration> timeout_;
  recipe::HolderInfo info_;
  std::atomic<std::int64_t> leaves_ = 0;  // the ready of the round that we are leaving
};

}  // namespace coord::commands
