#include "bench.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace coord::bench {

void die(const Error& error) {
  std::fprintf(stderr, "bench: %s\n", error.message.c_str());
  std::exit(1);
}

Worker connect(const Scale& scale) {
  etcd::Options options;
  options.endpoints = scale.endpoints;
  auto client = etcd::Client::open(options);
  if (!client) die(client.error());
  auto session = etcd::Session::open(**client, Context::within(std::chrono::seconds{10}),
                                     std::chrono::seconds{30});
  if (!session) die(session.error());
  return {*std::move(client), *std::move(session)};
}

double per_second(const Scale& scale, const One& one) {
  std::vector<Worker> workers;
  for (std::size_t i = 0; i < scale.workers; ++i) workers.push_back(connect(scale));
  std::atomic<std::size_t> done = 0;
  const BootTime start = BootClock::now();
  const Context ctx = Context::within(scale.span);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < workers.size(); ++i) {
      threads.emplace_back([&, i] {
        for (std::size_t n = 1; n > 0 && !ctx.expired(); done += n) n = one(ctx, workers[i], i);
      });
    }
  }
  const std::chrono::duration<double> took =
      std::min<Duration>(BootClock::now() - start, scale.span);
  for (Worker& worker : workers)
    (void)worker.session->close(Context::within(std::chrono::seconds{5}));
  return static_cast<double>(done) / took.count();
}

}  // namespace coord::bench
