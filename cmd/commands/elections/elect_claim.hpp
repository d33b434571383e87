// ElectClaim: to lead an election, as something that is held while a command runs.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "cmd/commands/shared/own_key.hpp"
#include "cmd/run/plan.hpp"
#include "coord/recipe/election.hpp"

namespace coord::commands {

struct ElectClaimOptions {
  std::string name;
  std::string proposal;
  bool wait = true;
  bool shows = false;  // there is no CMD: what etcdctl prints is looked up and printed
};

class ElectClaim final : public run::Claim {
 public:
  ElectClaim(ElectClaimOptions options, recipe::HolderInfo info)
      : options_(std::move(options)), info_(std::move(info)) {}

  std::string what() const override;
  Result<std::vector<recipe::Held>> acquire(const Context& ctx, etcd::Client& client,
                                            const etcd::Session& session) override;
  Result<run::Obstacle> obstacle(const Context& ctx, etcd::Client& client,
                                 std::int64_t own_lease) override;
  Result<> withdraw(const Context& ctx, etcd::Client& client, std::int64_t lease) override;
  run::Variables variables(const std::vector<recipe::Held>& held) const override;
  Result<> show(cli::Env& env, const std::vector<recipe::Held>& held) const override;

 private:
  Error explain(const Context& ctx, etcd::Client& client, std::int64_t lease, Error error);

  ElectClaimOptions options_;
  recipe::HolderInfo info_;
  std::set<std::string> had_;  // keys that the session had before: they are not withdrawn
  std::optional<OwnKey> shown_;
};

}  // namespace coord::commands
