#include "coord/recipe/double_barrier.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <random>

#include "coord/base/layout.hpp"
#include "coord/recipe/changes.hpp"
#include "coord/recipe/entry.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using etcd::CompareResult;
using State = DoubleBarrierState;

namespace {

std::string value_of(const HolderInfo& info, std::int64_t count) {
  auto json = nlohmann::ordered_json::parse(info.to_json());
  json["count"] = count;
  return json.dump();
}

// When many come at once only one at a time gets its key in.
void back_off(const Context& ctx, int conflicts) {
  std::random_device device;
  const int most = 1 << std::min(conflicts, 6);
  ctx.sleep(std::chrono::milliseconds{std::uniform_int_distribution<>(0, most)(device)});
}

std::string here_of(const State& state, std::size_t count) {
  const std::size_t here = state.waiters.size();
  return fmt::format("{} of {} {} here", here, count, here == 1 ? "is" : "are");
}

std::string next_key(const State& seen) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
  std::string key;
  do {
    key = layout::waiter_key(seen.name, nanos++);
  } while (std::ranges::find(seen.waiters, key, &etcd::KeyValue::key) != seen.waiters.end());
  return key;
}

}  // namespace

DoubleBarrier::DoubleBarrier(etcd::Client& client, std::int64_t lease, std::string name,
                             std::int64_t count, const HolderInfo& info)
    : client_(&client),
      lease_(lease),
      name_(std::move(name)),
      count_(static_cast<std::size_t>(count)),
      value_(value_of(info, count)) {}

Result<Held> DoubleBarrier::enter(const Context& ctx) { return enter(ctx, true); }
Result<Held> DoubleBarrier::try_enter(const Context& ctx) { return enter(ctx, false); }

Result<Held> DoubleBarrier::enter(const Context& ctx, bool wait) {
  auto entered = meet(ctx, wait);
  if (entered) return entered;
  const Code code = entered.error().code;
  if (code == Code::busy || code == Code::bad_data || code == Code::lost) return entered;
  return withdraw(entered.error());
}

Result<Held> DoubleBarrier::meet(const Context& ctx, bool wait) {
  COORD_TRY_INTO(State state, State::read(*client_, ctx, name_));
  for (int conflicts = 0;; ++conflicts) {
    if (const auto* own = state.of_lease(lease_)) {
      const std::int64_t created = own->create_revision;
      return await_ready(ctx, std::move(state), created);
    }
    COORD_TRY(check(state));
    const std::size_t inside = state.inside();
    if (!wait && inside > 0)
      return fail(Code::busy, fmt::format("{} of the last round have not left", inside));
    if (!wait && state.waiters.size() + 1 < count_) return fail(Code::busy, here_of(state, count_));
    if (inside > 0) {
      COORD_TRY_INTO(state, await_end_of_round(ctx, std::move(state)));
      continue;
    }
    if (conflicts > 1) back_off(ctx, conflicts);
    COORD_TRY_INTO(state, join(ctx, state));
  }
}

Result<> DoubleBarrier::check(const State& state) const {
  for (const etcd::KeyValue& waiter : state.waiters) {
    const auto theirs = count_of(waiter);
    if (theirs && *theirs != static_cast<std::int64_t>(count_))
      return fail(Code::bad_data,
                  fmt::format("others wait for {} participants, not {}", *theirs, count_),
                  "all of them must be told the same --count");
  }
  if (state.waiters.size() >= count_)
    return fail(Code::busy, "too many: " + here_of(state, count_) + " already",
                "look with 'coord dbarrier status'; who has died is gone when its lease ends");
  return {};
}

// Our key, if nobody came or went since SEEN; and what is there then, in either case. After a lost
// reply it is tried again, and finds that somebody has come: us.
Result<State> DoubleBarrier::join(const Context& ctx, const State& seen) {
  etcd::Txn txn = seen.if_unchanged(seen.waiters.size());
  const auto all = State::waiters_request(name_);
  txn.when({.key = all.key,
            .target = etcd::CompareTarget::create,
            .result = CompareResult::less,
            .number = seen.revision + 1,
            .range_end = all.range_end});
  txn.then(etcd::PutRequest{.key = next_key(seen), .value = value_, .lease = lease_});
  if (seen.waiters.size() + 1 == count_)
    txn.then(etcd::PutRequest{.key = layout::ready_key(name_)});
  State::read_either_way(txn, name_);
  COORD_TRY_INTO(const auto reply, as_loss(patiently(ctx, [&](const Context& bounded) {
                   return etcd::Kv(*client_).txn(bounded, txn, etcd::Repeat::safe);
                 })));
  return State::from(name_, reply);
}

Result<State> DoubleBarrier::await_end_of_round(const Context& ctx, State state) {
  auto request = State::waiters_watch(name_);
  request.no_put = true;
  Changes changes(*client_, {request});
  while (state.inside() > 0) {
    COORD_TRY(changes.wait(ctx, state.revision));
    COORD_TRY_INTO(state, State::read(*client_, ctx, name_));
  }
  return state;
}

// We give up, and our key goes, if there is one: a request that was cancelled may have been done.
// Unless the time ran out after ready: then the others count on us.
Result<Held> DoubleBarrier::withdraw(Error error) {
  const Context ctx = Context::within(2s);
  const bool late = error.code == Code::timed_out;
  for (int tries = 0; tries < 2; ++tries) {
    const auto state = State::read(*client_, ctx, name_);
    const auto* own = state ? state->of_lease(lease_) : nullptr;
    if (own == nullptr) break;
    Held held{name_, own->key, own->create_revision, state->ready, lease_};
    if (late && state->is_in(*own)) return held;
    etcd::Txn txn;
    txn.when(held.is_held()).then(etcd::DeleteRequest{.key = held.key});
    if (late)
      txn.when(etcd::Compare::mod(layout::ready_key(name_), CompareResult::equal, state->ready));
    const auto reply = etcd::Kv(*client_).txn(ctx, txn, etcd::Repeat::safe);
    if (!reply || reply->succeeded) break;
  }
  return std::unexpected(std::move(error));
}

}  // namespace coord::recipe
