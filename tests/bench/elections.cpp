#include "bench.hpp"
#include "coord/recipe/election.hpp"

namespace coord::bench {

double elect_hand_over(const Scale& scale) {
  return per_second(scale, [&](const Context& ctx, Worker& worker, std::size_t) -> std::size_t {
    recipe::Candidate candidate(*worker.client, *worker.session, scale.name, "me", {});
    const auto held = candidate.campaign(ctx);
    if (!went_well(held)) return 0;
    const Context end = Context::within(std::chrono::seconds{5});
    return went_well(recipe::resign(*worker.client, end, {held->key, held->create_revision}));
  });
}

}  // namespace coord::bench
