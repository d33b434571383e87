// What `coord wait` says: which conditions do not hold yet, and what is there instead.
#pragma once

#include "cmd/out/value.hpp"
#include "cmd/run/plan.hpp"
#include "coord/recipe/condition_wait.hpp"

namespace coord::commands {

// The conditions of a wait, for a waiting line; it reads them by itself.
class AwaitedConditions final : public run::Awaited {
 public:
  explicit AwaitedConditions(const recipe::ConditionWait& wait) : wait_(&wait) {}

  std::string what() const override;
  Result<run::Obstacle> obstacle(const Context& ctx, etcd::Client& client,
                                 std::int64_t own_lease) override;

 private:
  const recipe::ConditionWait* wait_;
};

// The first one that does not hold, why, and how many more there are; nobody if all hold.
run::Obstacle does_not_hold(const recipe::ConditionWait& wait,
                            const recipe::ConditionWait::Seen& seen);

// What is there, for --show: "TEXT: VALUE", or the count, or "absent".
out::Record progress_record(const recipe::Condition& condition, const etcd::RangeReply& found,
                            std::int64_t revision);

}  // namespace coord::commands
