// Internal. Leases: which there are and when each ends. The keys of a lease are those of the store
// that name it. Not thread-safe; Cluster has the lock.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fake/store.hpp"

namespace coord::fake {

using SteadyTime = std::chrono::steady_clock::time_point;

class Leases {
 public:
  explicit Leases(Store& store) : store_(store) {}

  std::chrono::seconds minimum{1};  // what a shorter wish is raised to

  // ID 0: a new one is made up. Nothing when there is such a lease already.
  std::optional<std::int64_t> grant(std::int64_t id, std::chrono::seconds ttl);
  bool exists(std::int64_t id) const { return leases_.contains(id); }
  bool renew(std::int64_t id);
  bool end(std::int64_t id);  // and deletes its keys at one revision
  void end_those_due(SteadyTime now);

  std::chrono::seconds granted(std::int64_t id) const { return leases_.at(id).granted; }
  std::chrono::seconds left(std::int64_t id) const;
  std::vector<std::string> keys(std::int64_t id) const;
  std::vector<std::int64_t> ids() const;
  std::optional<SteadyTime> next_end() const;

 private:
  struct Entry {
    std::chrono::seconds granted;
    SteadyTime end;
  };

  Store& store_;
  std::map<std::int64_t, Entry> leases_;
  std::int64_t last_id_ = 0x6b93a1fca73f0a00;
};

}  // namespace coord::fake
