// ContenderClaim: what the claims of `lock`, `rwlock` and `sem` share: names with a line of
// contenders each, taken one after the other; who is in the way; what the command finds in its
// environment.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cmd/run/plan.hpp"
#include "coord/recipe/contenders.hpp"

namespace coord::commands {

class ContenderClaim : public run::Claim {
 public:
  // KIND is the word for messages. NAMES in the order in which all take them, and different.
  // KEY_PREFIX: the client's namespace, for variables that etcdctl's scripts read.
  ContenderClaim(std::string kind, std::vector<std::string> names, bool wait,
                 std::string key_prefix);

  std::string what() const override;
  Result<std::vector<recipe::Held>> acquire(const Context& ctx, etcd::Client& client,
                                            const etcd::Session& session) override;
  Result<run::Obstacle> obstacle(const Context& ctx, etcd::Client& client,
                                 std::int64_t own_lease) override;
  std::string remark(const Context& ctx, etcd::Client& client,
                     std::int64_t own_lease) const override;
  Result<> withdraw(const Context& ctx, etcd::Client& client, std::int64_t lease) override;
  run::Variables variables(const std::vector<recipe::Held>& held) const override;

 protected:
  bool waits() const { return wait_; }

 private:
  // The recipe's acquire(), or its try_acquire() if it shall not WAIT.
  virtual Result<recipe::Held> take(const Context& ctx, etcd::Client& client,
                                    const etcd::Session& session, const std::string& name,
                                    bool wait) = 0;
  // Is OTHER in our way if it came before us?
  virtual bool counts(const recipe::Contender& /*other*/) const { return true; }

  Result<recipe::Held> acquire_one(const Context& ctx, etcd::Client& client,
                                   const etcd::Session& session, const std::string& name);
  Result<> look_before(const Context& ctx, etcd::Client& client, std::int64_t lease);
  Result<> check_all(const Context& ctx, etcd::Client& client,
                     const std::vector<recipe::Held>& all) const;

  std::string kind_;
  std::vector<std::string> names_;
  std::set<std::string> had_;  // keys that the session had before: they are not withdrawn
  bool wait_;
  std::string key_prefix_;
};

}  // namespace coord::commands
