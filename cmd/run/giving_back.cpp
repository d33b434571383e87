#include "cmd/run/giving_back.hpp"

#include <algorithm>

#include "cmd/run/surroundings.hpp"

namespace coord::run {
namespace {

constexpr Duration kLimit = std::chrono::seconds{3};

}  // namespace

GivingBack::GivingBack(cli::Env& env, etcd::Client& client, const Plan& plan, const Taken& taken,
                       const Reason& reason, Notifier& changed)
    : env_(&env),
      client_(&client),
      plan_(&plan),
      taken_(&taken),
      changed_(&changed),
      thread_([this, reason](const std::stop_token& stop) { work(stop, reason); }) {}

void GivingBack::work(const std::stop_token& stop, const Reason& reason) {
  const Context limit = Context::within(kLimit);
  const auto claimed =
      reason.in_order ? settle(stop, reason) : plan_->claim->retreat(limit, *client_, taken_->held);
  if (!claimed) error_ = claimed.error();
  const bool took_long = plan_->claim->settle_limit() > Duration{0};
  if (reason.lost) {
    (void)taken_->session->close(limit);  // of the lease there may be something left
  } else {
    close_session(*env_, *plan_, *client_, *taken_->session,
                  took_long ? Context::within(kLimit) : limit);
  }
  done_ = true;
  changed_->post();
}

Result<> GivingBack::settle(const std::stop_token& stop, const Reason& reason) {
  const Duration limit = std::max(kLimit, plan_->claim->settle_limit());
  return plan_->claim->settle(Context(stop).at_most(limit), *client_, taken_->held,
                              reason.command_status);
}

}  // namespace coord::run
