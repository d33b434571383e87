#include "cmd/run/entry_opening.hpp"

#include "coord/recipe/patience.hpp"

namespace coord::run {

using namespace std::chrono_literals;

namespace {

// An outage that outlasted the limit is told by what was wrong with etcd.
std::unexpected<Error> failed(Error error) {
  if (error.code == Code::timed_out && !error.message.contains("timed out"))
    error.message = "timed out: " + error.message;
  return std::unexpected(std::move(error));
}

}  // namespace

Result<std::unique_ptr<etcd::Session>> open_entry(const Context& ctx, const ServicePlan& plan,
                                                  Duration request_limit, etcd::Client& client) {
  const bool waits = plan.timeout != Duration{0};
  const bool limited = plan.timeout && waits;
  const Context all = limited ? ctx.at_most(*plan.timeout) : ctx;
  const auto open = [&](const Context& bounded) {
    return etcd::Session::open(client, bounded, plan.ttl);
  };
  auto session = limited ? recipe::patiently(all, open) : open(all.at_most(request_limit));
  if (!session) return failed(session.error());
  if (plan.rival == recipe::Rival::replace) return session;
  const Context turn = waits ? all : all.at_most(request_limit);
  const auto alone = recipe::await_unregistered(client, turn, plan.entry, waits);
  if (alone) return session;
  (void)(*session)->close(Context::within(1s));
  return failed(alone.error());
}

}  // namespace coord::run
