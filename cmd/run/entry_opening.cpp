#include "cmd/run/entry_opening.hpp"

#include "cmd/run/first_answer.hpp"

namespace coord::run {

using namespace std::chrono_literals;

Result<std::unique_ptr<etcd::Session>> open_entry(const Context& ctx, const ServicePlan& plan,
                                                  cli::Env& env, etcd::Client& client) {
  const bool waits = plan.timeout != Duration{0};
  const Context all = plan.timeout && waits ? ctx.at_most(*plan.timeout) : ctx;
  COORD_TRY_INTO(auto session, first_answer(env, plan.what, all, [&](const Context& bounded) {
                   return etcd::Session::open(client, bounded, plan.ttl);
                 }));
  if (plan.rival == recipe::Rival::replace) return session;
  const Context turn = waits ? all : all.at_most(env.globals().command_timeout);
  const auto alone = recipe::await_unregistered(client, turn, plan.entry, waits);
  if (alone) return session;
  (void)session->close(Context::within(1s));
  return std::unexpected(alone.error());
}

}  // namespace coord::run
