// KeyHistory: every stored version of one key, newest first, deletions and earlier lives included.
//
// How: the key is read now, and watched from the oldest revision that is left; the watch delivers
// all changes since in order. What the key was at that oldest revision is read. A key that exists
// now ends the listening by its last change. One that does not has no change to wait for: etcd
// serves watches of the past in rounds, so a second one of the same key, whose reply is certain, is
// asked for three times in a row; what has not come by then is not there. Only where nothing was
// ever compacted and nothing came is there no such reply: then silence of kSilence decides.
//
// Memory: a few bytes of each change, and `most_bytes` of the newest values; older values are read
// when it is their turn. A compaction meanwhile only ends it earlier: see compacted_before().
// Source: etcd's API; nothing is written. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::recipe {

struct HistoryOptions {
  std::size_t most = 0;                             // versions that are wanted; 0: all
  Duration patience = std::chrono::seconds{5};      // with etcd's silence; then Code::unavailable
  std::size_t most_bytes = std::size_t{16} << 20U;  // of values, in memory
};

struct KeyVersion {
  bool removed = false;
  etcd::KeyValue kv;  // of a removal: key and mod_revision only
};

class KeyHistory {
 public:
  static constexpr Duration kSilence = std::chrono::milliseconds{1500};

  // Blocks within CTX, for the whole listening. Code::unavailable, denied, timed_out, cancelled.
  // CLIENT must outlive it.
  static Result<KeyHistory> read(etcd::Client& client, const Context& ctx, std::string key,
                                 const HistoryOptions& options);

  // The next older one; nothing at the end. May ask etcd for a value, within CTX and the patience.
  Result<std::optional<KeyVersion>> next(const Context& ctx);

  // What was before this revision has been compacted away; 0: nothing has.
  std::int64_t compacted_before() const { return compacted_; }
  bool cut() const { return cut_; }  // there are more than the `most` that were wanted

 private:
  struct Entry {
    KeyVersion version;
    bool has_value = true;  // else it is read when it is its turn
  };
  KeyHistory(etcd::Client& client, std::string key, const HistoryOptions& options)
      : client_(&client), key_(std::move(key)), options_(options) {}

  Result<> listen(const Context& ctx);
  Result<bool> listen_from(const Context& ctx, std::int64_t from);  // false: it is compacted
  Result<> add_oldest(const Context& ctx);
  void add(etcd::Event event);
  void forget_values();
  Result<std::optional<etcd::KeyValue>> at(const Context& ctx, std::int64_t revision);

  etcd::Client* client_;
  std::string key_;
  HistoryOptions options_;
  std::deque<Entry> entries_;  // oldest first
  std::size_t valueless_ = 0;  // so many of them, from the front, have no value any more
  std::size_t bytes_ = 0;      // of the values of all others
  std::int64_t compacted_ = 0;
  bool cut_ = false;
};

// The oldest revision that can be read; nothing when none was compacted, or etcd does not tell
// within CTX. KEY is one that the caller may read.
std::optional<std::int64_t> oldest_revision(etcd::Client& client, const Context& ctx,
                                            const std::string& key);

}  // namespace coord::recipe
