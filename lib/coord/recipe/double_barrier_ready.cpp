// The wait of double_barrier.hpp for ready, once our key is there.
#include "coord/base/layout.hpp"
#include "coord/recipe/changes.hpp"
#include "coord/recipe/double_barrier.hpp"

namespace coord::recipe {

using namespace std::chrono_literals;
using State = DoubleBarrierState;

namespace {

constexpr Duration kGosTurn = 1s;  // for a last one of Go's to put ready itself

}  // namespace

Result<Held> DoubleBarrier::await_ready(const Context& ctx, State state, std::int64_t created) {
  Changes changes(*client_, {{.key = layout::ready_key(name_)}, State::waiters_watch(name_)});
  BootTime put_at = kNever;
  for (std::int64_t ready = 0;;) {
    if (ready == 0 && state.ready >= created) ready = state.ready;
    const auto* own = state.of_lease(lease_);
    if (own == nullptr || own->create_revision != created)
      return fail(Code::lost, "the own key is gone");
    if (ready != 0) return Held{name_, own->key, created, ready, lease_};
    if (!is_complete(state, created)) {
      put_at = kNever;
    } else if (put_at == kNever) {
      put_at = after(BootClock::now(), kGosTurn);
    } else if (BootClock::now() >= put_at) {
      COORD_TRY_INTO(state, put_ready(ctx, state));
      put_at = kNever;
      continue;
    }
    COORD_TRY_INTO(ready, follow(ctx, changes, state, created, put_at));
    COORD_TRY_INTO(state, State::read(*client_, ctx, name_));
  }
}

// Keeps STATE up to date by what is heard, until it must be read again. The revision of a ready
// that lets us in, if we have heard of it: it may be deleted before we read.
Result<std::int64_t> DoubleBarrier::follow(const Context& ctx, Changes& changes, State& state,
                                           std::int64_t created, BootTime until) {
  for (;;) {
    const auto events = changes.wait(ctx.until(until), state.revision);
    if (!events) {
      COORD_TRY(ctx.check("waiting"));
      if (events.error().code != Code::timed_out) return std::unexpected(events.error());
      return 0;
    }
    if (events->empty()) return 0;
    for (const etcd::Event& event : *events) {
      state.apply(event);
      if (state.ready >= created) return state.ready;
    }
    if (state.of_lease(lease_) == nullptr || is_complete(state, created)) return 0;
  }
}

// All are here, us among them, and yet nobody has put ready.
bool DoubleBarrier::is_complete(const State& state, std::int64_t created) const {
  if (state.inside() > 0 || state.waiters.size() < count_) return false;
  return state.waiters[count_ - 1].create_revision >= created;
}

Result<State> DoubleBarrier::put_ready(const Context& ctx, const State& seen) {
  etcd::Txn txn = seen.if_unchanged(count_);
  txn.then(etcd::PutRequest{.key = layout::ready_key(name_)});
  State::read_either_way(txn, name_);
  COORD_TRY_INTO(const auto reply, patiently(ctx, [&](const Context& bounded) {
                   return etcd::Kv(*client_).txn(bounded, txn, etcd::Repeat::safe);
                 }));
  return State::from(name_, reply);
}

}  // namespace coord::recipe
