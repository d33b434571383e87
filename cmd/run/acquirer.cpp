#include "cmd/run/acquirer.hpp"

#include "coord/recipe/patience.hpp"

namespace coord::run {

using namespace std::chrono_literals;

Acquirer::Acquirer(etcd::Client& client, Claim& claim, const Plan& plan, BootTime give_up_at,
                   Notifier& changed)
    : client_(&client),
      claim_(&claim),
      ttl_(plan.ttl),
      patient_(plan.timeout != Duration{0}),
      changed_(&changed),
      thread_([this, give_up_at](const std::stop_token& stop) {
        auto result = work(Context(stop, give_up_at));
        {
          const std::lock_guard lock(mutex_);
          result_ = std::move(result);
        }
        changed_->post();
      }) {}

std::optional<Result<Taken>> Acquirer::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(result_, std::nullopt);
}

Result<Taken> Acquirer::work(const Context& ctx) {
  for (;;) {
    auto taken = attempt(ctx);
    if (taken || taken.error().code != Code::lost || !patient_) return taken;
    COORD_TRY(ctx.check(claim_->what()));
  }
}

Result<Taken> Acquirer::attempt(const Context& ctx) {
  const auto open = [&](const Context& bounded) {
    return etcd::Session::open(*client_, bounded, ttl_, changed_);
  };
  auto session = patient_ ? recipe::patiently(ctx, open)
                          : open(Context(ctx.stop()).at_most(recipe::kRequestLimit));
  if (!session) return std::unexpected(session.error());
  lease_ = (*session)->lease();
  auto held = claim_->acquire(ctx, *client_, **session);
  if (held) return Taken{*std::move(session), *std::move(held)};
  // Key and lease go together. When nobody is there to tell, they end by themselves.
  if (!client_->trouble()) (void)(*session)->close(Context::within(2s));
  return std::unexpected(held.error());
}

}  // namespace coord::run
