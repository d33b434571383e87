#include "bench.hpp"
#include "coord/recipe/lock.hpp"

namespace coord::bench {
namespace {

std::size_t take_and_give(const Context& ctx, Worker& worker, const std::string& name) {
  recipe::Lock lock(*worker.client, *worker.session, name, {});
  const auto held = lock.acquire(ctx);
  if (!went_well(held)) return 0;
  return went_well(lock.release(Context::within(std::chrono::seconds{5}), *held)) ? 1 : 0;
}

}  // namespace

double lock_cycle(const Scale& scale) {
  return per_second(scale, [&](const Context& ctx, Worker& worker, std::size_t i) {
    return take_and_give(ctx, worker, scale.name + std::to_string(i));
  });
}

double lock_hand_over(const Scale& scale) {
  return per_second(scale, [&](const Context& ctx, Worker& worker, std::size_t) {
    return take_and_give(ctx, worker, scale.name);
  });
}

}  // namespace coord::bench
