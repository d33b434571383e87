#include "cmd/commands/barriers/barrier_claim.hpp"

#include "cmd/commands/shared/people.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/duration.hpp"
#include "coord/recipe/barrier.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::commands {

using namespace std::chrono_literals;

BarrierClaim::BarrierClaim(std::string name, bool wait, recipe::HolderInfo info)
    : name_(std::move(name)), wait_(wait), info_(std::move(info)) {}

std::string BarrierClaim::what() const { return "barrier " + in_quotes(name_); }

Result<recipe::Held> BarrierClaim::hold(const Context& ctx, etcd::Client& client,
                                        std::int64_t lease) {
  recipe::Barrier barrier(client, name_);
  const auto once = [&](const Context& bounded) { return barrier.hold(bounded, info_, lease); };
  for (;;) {
    auto held = recipe::patiently_if(wait_, ctx, once);
    if (held) return held;
    if (held.error().code != Code::busy || !wait_)
      return std::unexpected(explain(ctx, client, held.error()));
    COORD_TRY(pass(ctx, client));
  }
}

Result<std::int64_t> BarrierClaim::pass(const Context& ctx, etcd::Client& client) {
  const auto opened = recipe::Barrier(client, name_).wait(ctx);
  if (!opened) return std::unexpected(explain(ctx, client, opened.error()));
  return *opened;
}

Result<std::int64_t> BarrierClaim::is_open(const Context& ctx, etcd::Client& client) {
  const auto reply = etcd::Kv(client).range(ctx, {.key = name_, .keys_only = true});
  if (!reply) return std::unexpected(in_context(what(), reply.error()));
  if (reply->kvs.empty()) return reply->header.revision;
  return std::unexpected(explain(ctx, client, {Code::busy, "it is held", ""}));
}

// Who is in the way, if that can be learned at once.
Error BarrierClaim::explain(const Context& ctx, etcd::Client& client, Error error) {
  if (error.code != Code::busy && error.code != Code::timed_out) return in_context(what(), error);
  const auto holder = obstacle(Context(ctx.stop()).at_most(1s), client, 0);
  const std::string message = error.code == Code::busy ? " is held" : ": timed out";
  if (!holder || holder->who.empty()) return in_context(what() + message, error);
  error.message = what() + message + ": " + in_words(*holder);
  error.hint = "look with 'coord barrier status'; open it with 'coord barrier release'";
  return error;
}

Result<std::vector<recipe::Held>> BarrierClaim::acquire(const Context& ctx, etcd::Client& client,
                                                        const etcd::Session& session) {
  COORD_TRY_INTO(auto held, hold(ctx, client, session.lease()));
  return std::vector{std::move(held)};
}

Result<run::Obstacle> BarrierClaim::obstacle(const Context& ctx, etcd::Client& client,
                                             std::int64_t own_lease) {
  COORD_TRY_INTO(const auto key, recipe::Barrier(client, name_).status(ctx));
  if (!key || (own_lease != 0 && key->lease == own_lease)) return run::Obstacle{};
  const recipe::Contender holder{*key, name_, recipe::HolderInfo::from_json(key->value), {}};
  const auto age = age_of(holder);
  return run::Obstacle{.who = holder.info
                                  ? "held by " + who_is(holder)
                                  : "held since revision " + std::to_string(key->create_revision),
                       .age = age ? format_age(*age) : ""};
}

run::Variables BarrierClaim::variables(const std::vector<recipe::Held>& held) const {
  return {{"COORD_NAME", name_},
          {"COORD_BARRIER_NAME", name_},
          {"COORD_BARRIER_KEY", held.front().key},
          {"COORD_BARRIER_REV", std::to_string(held.front().revision)}};
}

}  // namespace coord::commands
