// BarrierClaim: a barrier that is closed while something runs; also who is in the way of those who
// wait for one.
#pragma once

#include <string>
#include <vector>

#include "cmd/run/plan.hpp"
#include "coord/recipe/holder_info.hpp"

namespace coord::commands {

class BarrierClaim final : public run::Claim {
 public:
  // WAIT: until nobody else holds it.
  BarrierClaim(std::string name, bool wait, recipe::HolderInfo info);

  // LEASE 0: for good. Errors name the barrier and who is in the way.
  Result<recipe::Held> hold(const Context& ctx, etcd::Client& client, std::int64_t lease);
  // Blocks until it is open. The revision at which it was.
  Result<std::int64_t> pass(const Context& ctx, etcd::Client& client);
  // The same, but Code::busy where it is not.
  Result<std::int64_t> is_open(const Context& ctx, etcd::Client& client);

  std::string what() const override;
  Result<std::vector<recipe::Held>> acquire(const Context& ctx, etcd::Client& client,
                                            const etcd::Session& session) override;
  Result<run::Obstacle> obstacle(const Context& ctx, etcd::Client& client,
                                 std::int64_t own_lease) override;
  run::Variables variables(const std::vector<recipe::Held>& held) const override;

 private:
  Error explain(const Context& ctx, etcd::Client& client, Error error);

  std::string name_;
  bool wait_;
  recipe::HolderInfo info_;
};

}  // namespace coord::commands
