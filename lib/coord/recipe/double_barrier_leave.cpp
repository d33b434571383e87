#include <algorithm>

#include "coord/base/layout.hpp"
#include "coord/recipe/changes.hpp"
#include "coord/recipe/double_barrier.hpp"

namespace coord::recipe {

using etcd::CompareResult;
using State = DoubleBarrierState;

namespace {

struct Round {
  const etcd::KeyValue* own = nullptr;
  bool others = false;
  bool older = false;  // one of the others came before us
};

Round round_of(const State& state, const Held& held) {
  Round round{.own = state.find(held.key, held.create_revision)};
  for (const etcd::KeyValue& waiter : state.waiters) {
    if (&waiter == round.own || waiter.create_revision > held.revision) continue;
    round.others = true;
    if (waiter.create_revision < held.create_revision) round.older = true;
  }
  return round;
}

// Deletes our key; ready too if we are the last one, and it is still the one of our round.
Result<State> remove(etcd::Client& client, const Context& ctx, const Held& held, bool last) {
  etcd::Txn txn;
  txn.when(held.is_held());
  const std::string ready = layout::ready_key(held.name);
  if (last) txn.when(etcd::Compare::mod(ready, CompareResult::equal, held.revision));
  txn.then(etcd::DeleteRequest{.key = held.key});
  if (last) txn.then(etcd::DeleteRequest{.key = ready});
  State::read_either_way(txn, held.name);
  COORD_TRY_INTO(const auto reply, patiently(ctx, [&](const Context& bounded) {
                   return etcd::Kv(client).txn(bounded, txn, etcd::Repeat::safe);
                 }));
  State state = State::from(held.name, reply);
  if (last && state.find(held.key, held.create_revision) != nullptr)
    return remove(client, ctx, held, false);  // another ready: a stale one does no harm
  return state;
}

// Nobody of our round is here any more: ready, too, if whoever was to delete it has died.
void sweep(etcd::Client& client, const Context& ctx, const Held& held, const State& state) {
  if (held.revision == 0 || state.ready != held.revision) return;
  const std::string ready = layout::ready_key(held.name);
  etcd::Txn txn;
  txn.when(etcd::Compare::mod(ready, CompareResult::equal, held.revision));
  txn.then(etcd::DeleteRequest{.key = ready});
  // A stale one does no harm: it is not worth an error, nor a long wait.
  (void)etcd::Kv(client).txn(ctx.at_most(kRequestLimit), txn, etcd::Repeat::safe);
}

}  // namespace

Result<> leave_double_barrier(etcd::Client& client, const Context& ctx, const Held& held) {
  auto request = State::waiters_watch(held.name);
  request.no_put = true;
  Changes changes(client, {request});
  COORD_TRY_INTO(State state, State::read(client, ctx, held.name));
  for (bool removed = false;;) {
    const Round round = round_of(state, held);
    if (round.own == nullptr && !removed)
      return fail(Code::lost, "the own key '" + held.key + "' is gone");
    if (!round.others && round.own == nullptr) {
      sweep(client, ctx, held, state);
      return {};
    }
    if (round.own != nullptr && (!round.others || round.older)) {
      removed = true;
      COORD_TRY_INTO(state, remove(client, ctx, held, !round.others));
      continue;
    }
    COORD_TRY(changes.wait(ctx, state.revision));
    COORD_TRY_INTO(state, State::read(client, ctx, held.name));
  }
}

Result<> desert_double_barrier(etcd::Client& client, const Context& ctx, const Held& held) {
  COORD_TRY_INTO(State state, State::read(client, ctx, held.name));
  Round round = round_of(state, held);
  if (round.own != nullptr) {
    COORD_TRY_INTO(state, remove(client, ctx, held, !round.others));
    round = round_of(state, held);
  }
  if (!round.others) sweep(client, ctx, held, state);
  return {};
}

}  // namespace coord::recipe
