#include "cmd/commands/shared/contender_claim.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cmd/commands/shared/people.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/duration.hpp"
#include "coord/recipe/contenders.hpp"
#include "coord/recipe/give_back.hpp"
#include "coord/recipe/nesting.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::commands {

using namespace std::chrono_literals;

namespace {

using Line = std::vector<recipe::Contender>;

// A key of another lock, whose name lies under ours, stands in the way: the layout is Go's.
std::string nested(const recipe::Contender& contender, const std::string& name) {
  if (contender.name == name) return "";
  return fmt::format("as lock {}: names that nest block each other", in_quotes(contender.name));
}

// The first of IN_THE_WAY, and how many hold with it.
run::Obstacle obstacle_of(const Line& in_the_way, const std::string& name, bool in_line) {
  const recipe::Contender& first = in_the_way.front();
  const auto holders = std::ranges::count_if(in_the_way, &recipe::Contender::holds);
  run::Obstacle found{.who = (first.holds ? "held" : "wanted") + purpose_of(first) + " by " +
                             who_is(first) + and_others(holders - 1),
                      .place = nested(first, name)};
  if (const auto age = age_of(first)) found.age = format_age(*age);
  if (in_line && in_the_way.size() > 1)
    found.place +=
        fmt::format("{}{} ahead of you", found.place.empty() ? "" : "; ", in_the_way.size());
  return found;
}

}  // namespace

ContenderClaim::ContenderClaim(std::string kind, std::vector<std::string> names, bool wait,
                               std::string key_prefix)
    : kind_(std::move(kind)),
      names_(std::move(names)),
      wait_(wait),
      key_prefix_(std::move(key_prefix)) {}

std::string ContenderClaim::what() const {
  std::string all = kind_ + (names_.size() == 1 ? " " : "s ");
  for (const std::string& name : names_)
    all += (&name == &names_.front() ? "" : ", ") + in_quotes(name);
  return all;
}

Result<std::vector<recipe::Held>> ContenderClaim::acquire(const Context& ctx, etcd::Client& client,
                                                          const etcd::Session& session) {
  std::vector<recipe::Held> all;
  if (session.joined()) COORD_TRY(look_before(ctx, client, session.lease()));
  for (const std::string& name : names_) {
    COORD_TRY_INTO(auto held, acquire_one(ctx, client, session, name));
    all.push_back(std::move(held));
  }
  if (all.size() > 1) COORD_TRY(check_all(ctx, client, all));
  return all;
}

Result<> ContenderClaim::look_before(const Context& ctx, etcd::Client& client, std::int64_t lease) {
  for (const std::string& name : names_) {
    COORD_TRY_INTO(const auto keys, recipe::patiently_if(wait_, ctx, [&](const Context& bounded) {
                     return recipe::keys_of(client, bounded, name, lease);
                   }));
    for (const etcd::KeyValue& kv : keys) had_.insert(kv.key);
  }
  return {};
}

Result<> ContenderClaim::withdraw(const Context& ctx, etcd::Client& client, std::int64_t lease) {
  for (const std::string& name : names_)
    COORD_TRY(recipe::give_back(client, ctx, name, lease, had_));
  return {};
}

// The first ones may have been lost while we waited for the last one.
Result<> ContenderClaim::check_all(const Context& ctx, etcd::Client& client,
                                   const std::vector<recipe::Held>& all) const {
  etcd::Txn txn;
  for (const recipe::Held& held : all) txn.when(held.is_held());
  txn.then(etcd::RangeRequest{.key = all.back().key});  // an empty branch would not ask the leader
  COORD_TRY_INTO(const auto reply, recipe::patiently_if(wait_, ctx, [&](const Context& bounded) {
                   return etcd::Kv(client).txn(bounded, txn, etcd::Repeat::safe);
                 }));
  if (!reply.succeeded)
    return fail(Code::lost, what() + ": one of them was lost while waiting for the others");
  return {};
}

Result<recipe::Held> ContenderClaim::acquire_one(const Context& ctx, etcd::Client& client,
                                                 const etcd::Session& session,
                                                 const std::string& name) {
  auto held = take(ctx, client, session, name, wait_);
  if (held) return held;
  Error error = held.error();
  const std::string what = kind_ + " " + in_quotes(name);
  if (error.code != Code::busy && error.code != Code::timed_out)
    return std::unexpected(in_context(what, error));
  const auto in_the_way = obstacle(Context(ctx.stop()).at_most(1s), client, session.lease());
  const bool known = in_the_way && !in_the_way->who.empty();
  error.message = what + (error.code == Code::busy ? " is busy" : ": timed out");
  if (known) error.message += ": " + in_words(*in_the_way);
  error.hint = "wait with --timeout 5m, or look with 'coord who'";
  return std::unexpected(error);
}

Result<run::Obstacle> ContenderClaim::obstacle(const Context& ctx, etcd::Client& client,
                                               std::int64_t own_lease) {
  for (const std::string& name : names_) {
    COORD_TRY_INTO(const Line line, recipe::contenders_of(client, ctx, name, false));
    const auto us =
        std::ranges::find_if(line, [&](const auto& one) { return one.kv.lease == own_lease; });
    Line in_the_way;
    std::copy_if(line.begin(), us, std::back_inserter(in_the_way),
                 [this](const auto& one) { return counts(one); });
    if (!in_the_way.empty()) return obstacle_of(in_the_way, name, us != line.end());
  }
  return run::Obstacle{};
}

std::string ContenderClaim::remark(const Context& ctx, etcd::Client& client,
                                   std::int64_t own_lease) const {
  const auto found = recipe::nesting_of(client, ctx, names_, own_lease);
  if (!found || !*found) return "";
  return fmt::format(
      "lock {} lies under lock {}, and both are in use: names that nest block each other",
      in_quotes((*found)->inner), in_quotes((*found)->outer));
}

run::Variables ContenderClaim::variables(const std::vector<recipe::Held>& held) const {
  run::Variables all;
  const auto add = [&](const std::string& prefix, const recipe::Held& one) {
    all.emplace_back(prefix + "_NAME", one.name);
    all.emplace_back(prefix + "_KEY", one.key);
    all.emplace_back(prefix + "_REV", std::to_string(one.revision));
  };
  add("COORD_LOCK", held.front());
  for (std::size_t i = 0; held.size() > 1 && i < held.size(); ++i)
    add(fmt::format("COORD_LOCK_{}", i + 1), held[i]);
  all.emplace_back("COORD_NAME", held.front().name);
  all.emplace_back("ETCD_LOCK_KEY", key_prefix_ + held.front().key);
  all.emplace_back("ETCD_LOCK_REV", std::to_string(held.front().revision));
  return all;
}

}  // namespace coord::commands
