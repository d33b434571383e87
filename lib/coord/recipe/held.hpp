// Held: what one has after acquiring a lock, and what a write can be guarded with.
#pragma once

#include <cstdint>
#include <string>

#include "coord/etcd/kv.hpp"

namespace coord::recipe {

struct Held {
  std::string name;
  std::string key;  // exists, with this create revision, for as long as it is held
  std::int64_t create_revision = 0;
  // Of the reply that proved ownership: the fencing token, which grows from holder to holder.
  std::int64_t revision = 0;
  std::int64_t lease = 0;
  // A put on the key is a loss as well, even with its lease: others order by its mod revision, or
  // go by its value.
  bool written_once = false;

  // "Still held", for a transaction of the caller's own (Go's IsOwner).
  etcd::Compare is_held() const {
    return etcd::Compare::create(key, etcd::CompareResult::equal, create_revision);
  }
};

}  // namespace coord::recipe
