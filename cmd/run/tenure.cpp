#include "cmd/run/tenure.hpp"

namespace coord::run {

Tenure::Tenure(const Plan& plan, etcd::Client& client, Taken taken, SharedDeadline deadline,
               Notifier& changed)
    : plan_(&plan),
      taken_(std::move(taken)),
      deadline_(deadline),
      guard_(client, taken_.held, changed) {
  if (plan.claim->has_belongings()) belongings_.emplace(client, taken_.session->lease(), changed);
}

std::optional<std::string> Tenure::look() {
  const auto times =
      recipe::hold_times(taken_.session->sent(), taken_.session->ttl(), plan_->grace);
  if (times.kill_at > times_.kill_at || times_.kill_at == BootTime{}) {
    times_ = times;
    deadline_.set({times.term_at, times.kill_at});
  }
  if (taken_.session->lost()) return "its lease has expired or was revoked";
  if (const auto lost = guard_.lost()) return lost->message;
  if (const auto lost = belongings_ ? belongings_->lost() : std::nullopt) return lost->message;
  return std::nullopt;
}

}  // namespace coord::run
