#include "fake/cluster.hpp"

namespace coord::fake {

using std::chrono::steady_clock;

Cluster::Cluster() : clock_([this](const std::stop_token& stop) { end_leases(stop); }) {}

etcdserverpb::ResponseHeader Cluster::header(std::uint64_t member, std::int64_t revision) const {
  etcdserverpb::ResponseHeader header;
  header.set_cluster_id(kId);
  header.set_member_id(member);
  header.set_revision(revision == 0 ? store.revision() : revision);
  header.set_raft_term(2);
  return header;
}

void Cluster::end_leases(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] {
    const std::lock_guard lock(mutex);
    changed.notify_all();
  });
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    const auto next = leases.next_end();
    if (next && *next <= steady_clock::now()) {
      leases.end_those_due(steady_clock::now());
      changed.notify_all();
    } else if (next) {
      changed.wait_until(lock, *next);
    } else {
      changed.wait(lock);
    }
  }
}

}  // namespace coord::fake
