#include "cmd/run/acquirer.hpp"

#include "cmd/run/surroundings.hpp"
#include "coord/base/bytes.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::run {

using namespace std::chrono_literals;

namespace {

constexpr Duration kRemarkLimit = 2s;

}  // namespace

Acquirer::Acquirer(cli::Env& env, etcd::Client& client, const Plan& plan, BootTime give_up_at,
                   Notifier& changed)
    : env_(&env),
      client_(&client),
      plan_(&plan),
      changed_(&changed),
      thread_([this, give_up_at](const std::stop_token& stop) {
        auto result = work(Context(stop, give_up_at));
        const bool held = result.has_value();
        {
          const std::lock_guard lock(mutex_);
          result_ = std::move(result);
        }
        changed_->post();
        if (held && !plan_->lease) remark(stop);
      }) {}

std::optional<Result<Taken>> Acquirer::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(result_, std::nullopt);
}

// Nobody waits for it: the command is being started meanwhile, and when it is over so is this.
void Acquirer::remark(const std::stop_token& stop) const {
  if (env_->globals().quiet) return;
  const std::string text =
      plan_->claim->remark(Context(stop).at_most(kRemarkLimit), *client_, lease_);
  if (!text.empty()) env_->note(printable("coord: " + text));
}

Result<Taken> Acquirer::work(const Context& ctx) {
  for (;;) {
    auto taken = attempt(ctx);
    const bool again = !plan_->lease && plan_->waits();
    if (taken || taken.error().code != Code::lost || !again) return taken;
    COORD_TRY(ctx.check(plan_->claim->what()));
  }
}

Result<Taken> Acquirer::attempt(const Context& ctx) {
  COORD_TRY_INTO(auto session, open_session(ctx));
  lease_ = session->lease();
  auto held = plan_->claim->acquire(ctx, *client_, *session);
  if (held) return Taken{std::move(session), *std::move(held)};
  // Key and lease go together, or the key alone.
  // Where only a key was lost the lease lives on, and what else it holds would be in our own way
  // when we begin again. There is nothing to be said where all is gone.
  if (held.error().code == Code::lost)
    (void)session->close(Context(ctx.stop()).at_most(1s));
  else
    close_session(*env_, *plan_, *client_, *session, Context::within(2s));
  return std::unexpected(held.error());
}

Result<std::unique_ptr<etcd::Session>> Acquirer::open_session(const Context& ctx) {
  const auto open = [&](const Context& bounded) {
    return plan_->lease ? etcd::Session::join(*client_, bounded, *plan_->lease)
                        : etcd::Session::open(*client_, bounded, plan_->ttl, changed_);
  };
  auto session =
      recipe::as_late(plan_->waits() ? recipe::patiently(ctx, open)
                                     : open(Context(ctx.stop()).at_most(recipe::kRequestLimit)));
  if (session) return session;
  return std::unexpected(in_context(plan_->claim->what(), session.error()));
}

}  // namespace coord::run
