// RangeDiff: which keys of a range were added, removed or changed between two revisions, in key
// order.
//
// Both states are read in pages, each at its own revision, and merged: memory holds a page of each,
// whatever the number of keys. A key has changed when its value has; one that was put again with
// the same value, or on another lease, has not. Reads only. Source: etcd's API. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::recipe {

struct DiffRange {
  std::string key;
  std::string range_end;  // empty: that key alone
  std::int64_t from = 0;
  std::int64_t to = 0;  // 0: now
};

// One of the two at least is there.
struct KeyChange {
  std::optional<etcd::KeyValue> before;
  std::optional<etcd::KeyValue> after;

  const std::string& key() const { return before ? before->key : after->key; }
};

class RangeDiff {
 public:
  // CLIENT must outlive it. PAGE_SIZE is for tests: so many keys, always.
  RangeDiff(etcd::Client& client, const DiffRange& range, std::int64_t page_size = 0);

  // The next key that differs; nothing at the end. Each request blocks within PATIENCE. Errors of
  // etcd::RangePages, Code::compacted among them: at the beginning, or when a compaction overtakes.
  Result<std::optional<KeyChange>> next(const Context& ctx, Duration patience);

  std::int64_t to() const { return to_; }  // the later revision, once next() was called

 private:
  struct Side {
    etcd::RangePages pages;
    std::deque<etcd::KeyValue> kvs;
    bool over = false;
  };
  Result<> fill(const Context& ctx, Duration patience, Side& side);
  KeyChange take();

  Side before_;
  Side after_;
  std::int64_t to_;
};

}  // namespace coord::recipe
