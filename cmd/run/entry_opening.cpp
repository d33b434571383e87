#include "cmd/run/entry_opening.hpp"

namespace coord::run {

using namespace std::chrono_literals;

Result<std::unique_ptr<etcd::Session>> open_entry(const Context& ctx, const ServicePlan& plan,
                                                  Duration request_limit, etcd::Client& client) {
  COORD_TRY_INTO(auto session, etcd::Session::open(client, ctx.at_most(request_limit), plan.ttl));
  if (plan.rival == recipe::Rival::replace) return session;
  const bool waits = plan.timeout != Duration{0};
  const Duration limit = waits ? plan.timeout.value_or(kNever - BootClock::now()) : request_limit;
  const auto alone = recipe::await_unregistered(client, ctx.at_most(limit), plan.entry, waits);
  if (alone) return session;
  (void)session->close(Context::within(1s));
  return std::unexpected(alone.error());
}

}  // namespace coord::run
