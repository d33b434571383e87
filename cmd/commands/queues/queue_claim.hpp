// QueueClaim: one item of a queue, held while a command works on it.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/run/plan.hpp"
#include "coord/proc/fd.hpp"
#include "coord/recipe/queue_claim.hpp"

namespace coord::commands {

struct QueueClaimOptions {
  recipe::QueueName queue;
  bool wait = true;
  int most_attempts = 0;   // 0: no limit
  bool tell_empty = true;  // while waiting
};

class QueueItemClaim final : public run::Claim {
 public:
  QueueItemClaim(QueueClaimOptions options, recipe::HolderInfo info, cli::Env& env);

  std::string what() const override;
  Result<std::vector<recipe::Held>> acquire(const Context& ctx, etcd::Client& client,
                                            const etcd::Session& session) override;
  Result<run::Obstacle> obstacle(const Context& ctx, etcd::Client& client,
                                 std::int64_t own_lease) override;
  run::Variables variables(const std::vector<recipe::Held>& held) const override;
  int input() const override { return input_.get(); }
  // Exit status 0: the item is done. Else it goes back; that counts as an attempt if CMD has run,
  // and was not ended by INT, TERM, HUP or QUIT.
  Result<> retreat(const Context& ctx, etcd::Client& client,
                   const std::vector<recipe::Held>& held) override;
  Result<> settle(const Context& ctx, etcd::Client& client, const std::vector<recipe::Held>& held,
                  std::optional<int> wait_status) override;

 private:
  Result<> take(const Context& ctx, etcd::Client& client, const etcd::Session& session,
                std::vector<recipe::Held>& held);
  Result<> give_back(const Context& ctx, etcd::Client& client, bool counts);

  QueueClaimOptions options_;
  recipe::HolderInfo info_;
  cli::Env* env_;
  std::optional<recipe::ClaimedItem> item_;
  proc::Fd input_;  // what CMD reads
};

// Why there is nothing to take, in words for people; other errors as they are.
Error nothing_taken(const recipe::QueueName& queue, Error error);

}  // namespace coord::commands
