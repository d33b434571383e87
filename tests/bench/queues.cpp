#include "bench.hpp"
#include "coord/recipe/backlog.hpp"
#include "coord/recipe/queue_claim.hpp"
#include "coord/recipe/queue_producer.hpp"

namespace coord::bench {
namespace {

constexpr std::size_t kItems = 1000;
constexpr std::int64_t kPage = 64;
constexpr std::size_t kAtOnce = 16;  // as `coord dequeue --follow` takes them

void fill(const Scale& scale) {
  const Worker worker = connect(scale);
  const Context ctx = Context::within(std::chrono::seconds{30});
  recipe::QueueProducer producer(*worker.client, scale.name, {});
  std::vector<recipe::Written> done;
  if (const auto put = producer.put(ctx, std::vector<std::string>(kItems, "item"), done); !put)
    die(put.error());
  if (const auto closed = producer.close(ctx); !closed) die(closed.error());
}

struct Consumer {
  recipe::Backlog backlog;
  recipe::QueueConsumer consumer;
};

}  // namespace

double queue_put(const Scale& scale) {
  return per_second(scale, [&](const Context& ctx, Worker& worker, std::size_t) -> std::size_t {
    thread_local recipe::QueueProducer producer(*worker.client, scale.name, {});
    std::vector<recipe::Written> done;
    const std::vector<std::string> item{"item"};
    return went_well(producer.put(ctx, item, done));
  });
}

double queue_drain(const Scale& scale) {
  fill(scale);
  return per_second(scale, [&](const Context& ctx, Worker& worker, std::size_t) -> std::size_t {
    const recipe::QueueName queue{scale.name};
    thread_local Consumer own{{*worker.client, queue, kPage, 0},
                              {*worker.client, worker.session->lease(), queue, {}}};
    const auto there = own.backlog.await(ctx, false);
    if (!there && there.error().code == Code::busy) return 0;
    if (!went_well(there)) return 0;
    const auto items = own.consumer.claim(ctx, own.backlog.items(), kAtOnce);
    if (!went_well(items)) return 0;
    if (items->empty()) return 0;
    if (!went_well(recipe::finish(*worker.client, ctx, scale.name, *items))) return 0;
    return items->size();
  });
}

}  // namespace coord::bench
