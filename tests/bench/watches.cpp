#include "bench.hpp"
#include "coord/base/bytes.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::bench {
namespace {

constexpr std::size_t kEvents = 10'000;
constexpr std::size_t kAtOnce = 100;  // puts in a transaction: etcd's own limit is 128

// Puts the keys, and returns the revision of the first.
std::int64_t put_keys(Worker& worker, const std::string& prefix) {
  std::int64_t first = 0;
  for (std::size_t n = 0; n < kEvents;) {
    etcd::Txn txn;
    for (std::size_t i = 0; i < kAtOnce; ++i, ++n)
      txn.then(etcd::PutRequest{.key = prefix + std::to_string(n), .value = "event"});
    const auto done = etcd::Kv(*worker.client).txn(Context::within(std::chrono::seconds{10}), txn);
    if (!done) die(done.error());
    if (first == 0) first = done->header.revision;
  }
  return first;
}

}  // namespace

double watch_events(const Scale& scale) {
  Worker worker = connect(scale);
  const std::string prefix = scale.name + "/";
  const std::int64_t first = put_keys(worker, prefix);
  const BootTime start = BootClock::now();
  const Context ctx = Context::within(scale.span);
  etcd::Watcher watcher(*worker.client);
  watcher.add({.key = prefix, .range_end = prefix_end(prefix), .start_revision = first});
  std::size_t seen = 0;
  while (seen < kEvents) {
    const auto reply = watcher.next(ctx);
    if (!reply) die(reply.error());
    seen += reply->events.size();
  }
  const std::chrono::duration<double> took = BootClock::now() - start;
  (void)worker.session->close(Context::within(std::chrono::seconds{5}));
  return static_cast<double>(seen) / took.count();
}

}  // namespace coord::bench
