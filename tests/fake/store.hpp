// Internal. Store: etcd's revisioned store in small: every version of every key since the last
// compaction, and the log of changes that watches read. Not thread-safe; Cluster has the lock.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mvccpb/kv.pb.h"

namespace coord::fake {

// The keys that a request means; RANGE_END as in etcd: empty for KEY alone, "\0" for no upper end.
struct Span {
  std::string key;
  std::string range_end;

  bool contains(const std::string& other) const;
};

class Store {
 public:
  std::int64_t revision() const { return revision_; }
  std::int64_t compacted() const {
    return compacted_;
  }  // the oldest revision that can be read; 0: all

  // Live pairs in key order as of REVISION; 0: now, what an unfinished Write has done included.
  std::vector<mvccpb::KeyValue> read(const Span& span, std::int64_t revision = 0) const;
  std::optional<mvccpb::KeyValue> get(const std::string& key) const;

  // Changes within SPAN from revision FROM on, oldest first, with the pairs from before where they
  // are still known.
  std::vector<mvccpb::Event> changes(const Span& span, std::int64_t from) const;

  void compact(std::int64_t revision);

 private:
  friend class Write;

  std::int64_t revision_ = 1;
  std::int64_t compacted_ = 0;
  std::map<std::string, std::vector<mvccpb::KeyValue>> versions_;  // a deletion has version 0
  std::vector<mvccpb::Event> log_;
};

// The changes of one transaction, all at one revision. A Write that changes nothing takes no
// revision.
class Write {
 public:
  explicit Write(Store& store) : store_(store), revision_(store.revision_ + 1) {}
  ~Write();
  Write(const Write&) = delete;
  Write& operator=(const Write&) = delete;

  std::optional<mvccpb::KeyValue> put(const std::string& key, const std::string& value,
                                      std::int64_t lease);
  std::vector<mvccpb::KeyValue> remove(const Span& span);

  const Store& store() const { return store_; }
  std::int64_t revision() const { return changed_ ? revision_ : revision_ - 1; }

 private:
  void record(mvccpb::Event::EventType type, const mvccpb::KeyValue& kv,
              const std::optional<mvccpb::KeyValue>& before);

  Store& store_;
  const std::int64_t revision_;
  bool changed_ = false;
};

}  // namespace coord::fake
