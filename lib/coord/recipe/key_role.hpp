// key_role(): what a key is for, as far as its name, its lease and its value tell.
//
// By the layouts of base/layout.hpp and base/layout_queue.hpp. A name is no proof: a key that looks
// like a queue's item may be somebody's own. Pure; etcd is not asked.
#pragma once

#include <optional>
#include <string>

#include "coord/etcd/types.hpp"

namespace coord::recipe {

struct KeyRole {
  enum class Kind {
    plain,
    contender,  // of a lock, semaphore, rwlock or election: contenders.hpp tells which
    session,
    candidate_holder,  // who stands behind an election's candidate
    barrier,
    double_barrier_waiter,
    double_barrier_ready,
    queue_item,
    queue_claim,
    queue_consumer,  // one that is at work
    queue_producer,  // one that is at work
    queue_bookkeeping,
    service_endpoint,
  };
  Kind kind = Kind::plain;
  std::string name;     // of the lock, the queue, the service …
  bool shared = false;  // of a contender: of a rwlock

  bool operator==(const KeyRole&) const = default;
};

KeyRole key_role(const etcd::KeyValue& kv);

}  // namespace coord::recipe
