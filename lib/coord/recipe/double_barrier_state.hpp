// DoubleBarrierState: who is at a double barrier, as read at one revision. See double_barrier.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::recipe {

struct DoubleBarrierState {
  std::string name;
  std::int64_t revision = 0;            // of the read
  std::int64_t ready = 0;               // mod revision of the ready key; 0: there is none
  std::vector<etcd::KeyValue> waiters;  // in the order in which they came

  // Those that the last ready has let in and that have not left.
  bool is_in(const etcd::KeyValue& waiter) const { return waiter.create_revision <= ready; }
  std::size_t inside() const;
  const etcd::KeyValue* of_lease(std::int64_t lease) const;
  const etcd::KeyValue* find(const std::string& key, std::int64_t created) const;

  // What happened since the read, the revision of which stays: events of several watches come in no
  // common order. The result is no proof of anything: read before acting on it.
  void apply(const etcd::Event& event);

  static etcd::RangeRequest waiters_request(const std::string& name);
  static etcd::RangeRequest ready_request(const std::string& name);
  static etcd::WatchRequest waiters_watch(const std::string& name);
  // These two reads, whichever way TXN goes.
  static void read_either_way(etcd::Txn& txn, const std::string& name);
  // For what is to be done only while the first MOST waiters are still those, and ready is.
  etcd::Txn if_unchanged(std::size_t most) const;

  // From a transaction whose last two operations are these two requests.
  static DoubleBarrierState from(const std::string& name, const etcd::TxnReply& reply);
  // One round trip. look() takes an etcd that is away for an answer, read() tries again.
  static Result<DoubleBarrierState> look(etcd::Client& client, const Context& ctx,
                                         const std::string& name);
  static Result<DoubleBarrierState> read(etcd::Client& client, const Context& ctx,
                                         const std::string& name);
};

// The count that a participant was told; nothing for Go programs, which do not say.
std::optional<std::int64_t> count_of(const etcd::KeyValue& waiter);

}  // namespace coord::recipe
