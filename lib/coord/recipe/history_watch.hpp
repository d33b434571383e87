// Internal. HistoryWatch: the changes of a key from an old revision on, and the end of the past.
// history.hpp says how that is known.
#pragma once

#include <string>
#include <vector>

#include "coord/etcd/watch.hpp"

namespace coord::recipe {

class HistoryWatch {
 public:
  enum class End { none, compacted, over };

  HistoryWatch(etcd::Client& client, std::string key, std::int64_t from);

  // The next changes, oldest first; none at the end: FROM is compacted, or the past is over, which
  // is looked for only if LOOKS_FOR_END. Code::unavailable after PATIENCE without a reply, denied,
  // timed_out, cancelled.
  Result<std::vector<etcd::Event>> next(const Context& ctx, Duration patience, bool looks_for_end);

  End end() const { return end_; }
  std::int64_t compact_revision() const { return compact_revision_; }  // where END is compacted

 private:
  Result<etcd::WatchReply> reply(const Context& ctx, Duration patience);
  void probe();
  void take_probe(const etcd::WatchReply& reply);

  std::string key_;
  etcd::Watcher watcher_;
  std::int64_t from_;
  std::int64_t id_;
  std::int64_t probe_ = 0;  // the watch that tells of a round; 0: none
  int quiet_rounds_ = 0;
  std::int64_t first_seen_ = 0;
  std::int64_t compact_revision_ = 0;
  End end_ = End::none;
};

}  // namespace coord::recipe
