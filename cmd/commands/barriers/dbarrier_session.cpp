#include "cmd/commands/barriers/dbarrier_session.hpp"

#include <fmt/format.h>

#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/barriers/barrier.hpp"
#include "cmd/commands/barriers/dbarrier.hpp"
#include "cmd/commands/barriers/dbarrier_claim.hpp"
#include "cmd/commands/shared/conflict.hpp"
#include "cmd/commands/shared/hold_options.hpp"
#include "cmd/commands/shared/until_signal.hpp"
#include "cmd/run/surroundings.hpp"
#include "cmd/run/waiting.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout.hpp"
#include "coord/recipe/double_barrier.hpp"

namespace coord::commands {
namespace {

using recipe::DoubleBarrierState;

constexpr Duration kForever = kNever - BootTime{};

Result<> enter_and_show(const Context& ctx, DbarrierClaim& claim, std::int64_t lease, bool wait,
                        cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  std::optional<run::WaitingLine> line;
  if (wait) line.emplace(env, *client, claim, [lease] { return lease; });
  const auto held = claim.enter(ctx, *client, lease);
  line.reset();
  if (!held && held.error().code == Code::lost)
    return fail(Code::lost, held.error().message, "the session has ended");
  if (!held) return std::unexpected(held.error());
  return run::show_held(env, {*held});
}

Result<> find_and_leave(const Context& ctx, const std::string& name, std::int64_t lease,
                        cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const std::string what = "dbarrier " + in_quotes(name);
  const Context once = ctx.at_most(env.globals().command_timeout);
  const auto state = DoubleBarrierState::look(*client, once, name);
  if (!state) return std::unexpected(in_context(what, state.error()));
  const auto* own = state->of_lease(lease);
  if (own == nullptr) return fail(Code::not_found, what + ": this session is not in");
  // Somebody has deleted ready: whoever is here now came with us, or before.
  std::int64_t ready = state->is_in(*own) ? state->ready : 0;
  if (state->ready == 0) ready = state->revision;
  const recipe::Held held{name, own->key, own->create_revision, ready, lease};
  return DbarrierClaim(env, name, 0, {}, {}).leave(ctx, *client, held);
}

}  // namespace

Result<int> enter_in_session(const run::Plan& plan, std::int64_t lease, cli::Env& env) {
  return until_signal(env, [&](const Context& ctx) -> Result<int> {
    auto& claim = dynamic_cast<DbarrierClaim&>(*plan.claim);
    const Duration limit = plan.waits() ? plan.timeout.value_or(kForever) : kForever;
    const auto done = enter_and_show(ctx.at_most(limit), claim, lease, plan.waits(), env);
    if (done) return cli::kDone;
    return answer_or_error(env, done.error(), plan.conflict_status);
  });
}

Result<int> run_dbarrier_leave(const DbarrierLeaveOptions& options, cli::Env& env) {
  COORD_TRY(check_barrier_name("dbarrier", options.name));
  COORD_TRY_INTO(const auto lease, session_lease(env));
  if (!lease) {
    return fail(Code::usage, "dbarrier leave: there is no session (COORD_SESSION is not set)",
                "use 'coord dbarrier run NAME --count N -- CMD', which enters and leaves");
  }
  return until_signal(env, [&](const Context& ctx) -> Result<int> {
    COORD_TRY(
        find_and_leave(ctx.at_most(options.timeout.value_or(kForever)), options.name, *lease, env));
    return cli::kDone;
  });
}

}  // namespace coord::commands
