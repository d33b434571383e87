#include "cmd/commands/barriers/dbarrier_claim.hpp"

#include <fmt/format.h>

#include <optional>

#include "cmd/commands/shared/people.hpp"
#include "cmd/run/waiting.hpp"
#include "coord/base/bytes.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/recipe/double_barrier.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::commands {

using namespace std::chrono_literals;
using recipe::DoubleBarrierState;

namespace {

std::string first_name(const etcd::KeyValue& waiter) {
  return who_is({waiter, "", recipe::HolderInfo::from_json(waiter.value), {}});
}

// Of the round that READY let in; but not OWN.
run::Obstacle not_left(const DoubleBarrierState& state, std::int64_t ready, std::int64_t own) {
  run::Obstacle found;
  int left = 0;
  for (const etcd::KeyValue& waiter : state.waiters) {
    if (waiter.create_revision > ready || waiter.lease == own) continue;
    if (++left == 1) found.place = first_name(waiter);
  }
  if (left == 0) return {};
  found.who = left == 1 ? "1 has not left" : fmt::format("{} have not left", left);
  return found;
}

}  // namespace

DbarrierClaim::DbarrierClaim(cli::Env& env, std::string name, std::int64_t count,
                             std::optional<Duration> timeout, recipe::HolderInfo info)
    : env_(&env),
      name_(std::move(name)),
      count_(count),
      timeout_(timeout),
      info_(std::move(info)) {}

std::string DbarrierClaim::what() const { return "dbarrier " + in_quotes(name_); }

Result<recipe::Held> DbarrierClaim::enter(const Context& ctx, etcd::Client& client,
                                          std::int64_t lease) {
  recipe::DoubleBarrier barrier(client, lease, name_, count_, info_);
  const bool wait = timeout_ != Duration{0};
  auto held = wait ? barrier.enter(ctx)
                   : barrier.try_enter(Context(ctx.stop()).at_most(recipe::kRequestLimit));
  if (held) return held;
  Error error = in_context(what(), held.error());
  if (!wait && error.code == Code::timed_out)
    error.code = Code::unavailable;  // nobody gave a limit
  if (error.code == Code::timed_out) {
    const auto here = DoubleBarrierState::look(client, Context(ctx.stop()).at_most(1s), name_);
    if (!here) return std::unexpected(std::move(error));
    error.message =
        fmt::format("{}: timed out: {} of {} came", what(), here->waiters.size() + 1, count_);
  }
  if (error.code == Code::busy && error.hint.empty())
    error.hint = "wait with --timeout 5m, or look with 'coord dbarrier status'";
  return std::unexpected(std::move(error));
}

Result<> DbarrierClaim::leave(const Context& ctx, etcd::Client& client, const recipe::Held& held) {
  leaves_ = held.revision;
  const run::WaitingLine line(*env_, client, *this, [lease = held.lease] { return lease; });
  const auto left = leave_double_barrier(client, ctx, held);
  if (left) return {};
  Error error = in_context(what() + ": leaving", left.error());
  const auto others = obstacle(Context::within(1s), client, held.lease);
  if (error.code == Code::timed_out && others && !others->who.empty())
    error.message = fmt::format("{}: timed out while leaving: {}", what(), in_words(*others));
  return std::unexpected(std::move(error));
}

Result<std::vector<recipe::Held>> DbarrierClaim::acquire(const Context& ctx, etcd::Client& client,
                                                         const etcd::Session& session) {
  COORD_TRY_INTO(auto held, enter(ctx, client, session.lease()));
  return std::vector{std::move(held)};
}

Result<run::Obstacle> DbarrierClaim::obstacle(const Context& ctx, etcd::Client& client,
                                              std::int64_t own_lease) {
  COORD_TRY_INTO(const auto state, DoubleBarrierState::look(client, ctx, name_));
  if (const std::int64_t ready = leaves_; ready != 0) return not_left(state, ready, own_lease);
  const auto* own = state.of_lease(own_lease);
  if (own == nullptr && state.inside() > 0) {
    auto round = not_left(state, state.ready, own_lease);
    round.who += " the last round";
    return round;
  }
  const std::size_t here = state.waiters.size();
  return run::Obstacle{.who =
                           fmt::format("{} of {} {} here", here, count_, here == 1 ? "is" : "are")};
}

run::Variables DbarrierClaim::variables(const std::vector<recipe::Held>& held) const {
  return {{"COORD_NAME", name_},
          {"COORD_DBARRIER_NAME", name_},
          {"COORD_DBARRIER_KEY", held.front().key},
          {"COORD_DBARRIER_REV", std::to_string(held.front().revision)}};
}

Result<> DbarrierClaim::settle(const Context& ctx, etcd::Client& client,
                               const std::vector<recipe::Held>& held,
                               std::optional<int> wait_status) {
  if (wait_status && proc::fatal_signal(*wait_status)) return retreat(ctx, client, held);
  return leave(ctx, client, held.front());
}

// What does not get through goes with the lease.
Result<> DbarrierClaim::retreat(const Context& ctx, etcd::Client& client,
                                const std::vector<recipe::Held>& held) {
  (void)recipe::desert_double_barrier(client, ctx.at_most(1s), held.front());
  return {};
}

Duration DbarrierClaim::settle_limit() const {
  if (timeout_ && *timeout_ > 0s) return *timeout_;
  return kNever - BootTime{};
}

}  // namespace coord::commands
