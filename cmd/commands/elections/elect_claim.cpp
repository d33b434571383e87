#include "cmd/commands/elections/elect_claim.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cmd/cli/env.hpp"
#include "cmd/commands/shared/people.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/duration.hpp"
#include "coord/recipe/give_back.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::commands {

using namespace std::chrono_literals;

std::string ElectClaim::what() const { return "election " + in_quotes(options_.name); }

Result<std::vector<recipe::Held>> ElectClaim::acquire(const Context& ctx, etcd::Client& client,
                                                      const etcd::Session& session) {
  if (session.joined()) {
    const auto look = [&](const Context& bounded) {
      return recipe::keys_of(client, bounded, options_.name, session.lease());
    };
    const auto keys = recipe::patiently_if(options_.wait, ctx, look);
    if (!keys) return std::unexpected(explain(ctx, client, session.lease(), keys.error()));
    for (const etcd::KeyValue& kv : *keys) had_.insert(kv.key);
  }
  recipe::Candidate candidate(client, session, options_.name, options_.proposal, info_);
  auto held = options_.wait ? candidate.campaign(ctx) : candidate.try_campaign(ctx);
  if (!held) return std::unexpected(explain(ctx, client, session.lease(), held.error()));
  if (options_.shows) {
    auto own = read_own_key(ctx, client, held->key, options_.wait);
    if (!own) return std::unexpected(explain(ctx, client, session.lease(), own.error()));
    shown_ = *std::move(own);
  }
  return std::vector{*std::move(held)};
}

Error ElectClaim::explain(const Context& ctx, etcd::Client& client, std::int64_t lease,
                          Error error) {
  if (error.code != Code::busy && error.code != Code::timed_out)
    return in_context(what(), std::move(error));
  const auto in_the_way = obstacle(Context(ctx.stop()).at_most(1s), client, lease);
  const bool known = in_the_way && !in_the_way->who.empty();
  error.message = what() + (error.code == Code::busy ? " has a leader" : ": timed out");
  if (known) error.message += ": " + run::in_words(*in_the_way);
  error.hint = "wait with --timeout 5m, or look with 'coord who'";
  return error;
}

Result<run::Obstacle> ElectClaim::obstacle(const Context& ctx, etcd::Client& client,
                                           std::int64_t own_lease) {
  COORD_TRY_INTO(const auto line, recipe::contenders_of(client, ctx, options_.name, false));
  const auto us =
      std::ranges::find_if(line, [&](const auto& one) { return one.kv.lease == own_lease; });
  if (line.empty() || us == line.begin()) return run::Obstacle{};
  run::Obstacle found{.who = "led by " + who_is(line.front()), .age = {}, .place = {}};
  if (const auto age = age_of(line.front())) found.age = format_age(*age);
  // A key of another election, or lock, whose name lies under ours: the layout is Go's.
  if (line.front().name != options_.name) {
    found.place =
        fmt::format("as {}: names that nest block each other", in_quotes(line.front().name));
  }
  const auto ahead = us - line.begin();
  if (us != line.end() && ahead > 1)
    found.place += fmt::format("{}{} ahead of you", found.place.empty() ? "" : "; ", ahead);
  return found;
}

Result<> ElectClaim::withdraw(const Context& ctx, etcd::Client& client, std::int64_t lease) {
  COORD_TRY(recipe::give_back(client, ctx, options_.name, lease, had_));
  return {};
}

// REV is what proclaim and resign compare with; TOKEN is for resources that refuse the smaller
// number: both grow from leader to leader, but they must not be mixed.
run::Variables ElectClaim::variables(const std::vector<recipe::Held>& held) const {
  const recipe::Held& one = held.front();
  return {{"COORD_NAME", one.name},
          {"COORD_ELECTION_NAME", one.name},
          {"COORD_ELECTION_KEY", one.key},
          {"COORD_ELECTION_REV", std::to_string(one.create_revision)},
          {"COORD_ELECTION_TOKEN", std::to_string(one.revision)}};
}

Result<> ElectClaim::show(cli::Env& env, const std::vector<recipe::Held>& /*held*/) const {
  if (shown_) print_own_key(env, *shown_);
  return env.out().flush();
}

}  // namespace coord::commands
