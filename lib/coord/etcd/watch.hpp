// Watcher: a queue of what happens to keys. All watchers of a client share one stream to the
// server.
//
// The stream is opened with the "has leader" rule, so a member that is cut off from its cluster
// ends it instead of staying silent. When it breaks it is opened again, elsewhere if need be, and
// every watch goes on right after the last revision that it delivered: no event is lost or doubled.
// Two replies tell of it: `interrupted` when the stream broke or could not be opened (once an
// outage), `resumed` when the watch goes on. A watch whose revisions were compacted meanwhile gets
// one `compacted` reply and ends, one that the server refuses gets `cancelled` and ends.
//
// To wait for a state (a lock's rule, ARCHITECTURE.md): add with start_revision 0, take the
// `created` reply, re-read once, then wait; a watch from an older revision is served only every 100
// ms by the server.
//
// Thread-safe, but replies go to whoever calls next() first.
#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/client.hpp"
#include "coord/etcd/types.hpp"

namespace coord::etcd {

struct WatchRequest {
  std::string key;
  std::string range_end;
  std::int64_t start_revision = 0;  // 0: from now
  bool prev_kv = false;
  bool progress_notify = false;  // a `progress` reply now and then while nothing happens
  bool no_put = false;
  bool no_delete = false;
};

struct Event {
  enum class Type { put, remove };
  Type type = Type::put;
  KeyValue kv;
  std::optional<KeyValue> prev_kv;
};

struct WatchReply {
  enum class Kind { created, events, progress, interrupted, resumed, compacted, cancelled };
  Kind kind = Kind::events;
  std::int64_t id = 0;  // of the watch, as add() gave it
  Header header;
  std::vector<Event> events;
  std::int64_t compact_revision = 0;  // compacted: the oldest revision that is left
  std::int64_t next_revision = 0;     // compacted: where the watch would have gone on
  Error error;                        // interrupted, cancelled: why
};

struct WatchQueue;  // internal

class Watcher {
 public:
  explicit Watcher(Client& client);
  ~Watcher();  // cancels its watches
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Starts a watch and returns at once with its id; the `created` reply comes through next().
  std::int64_t add(const WatchRequest& request);
  // Replies of that watch which are queued already may still come.
  void remove(std::int64_t id);
  // Asks how far the stream is: a `progress` reply for each watch on it, of all watchers, once the
  // server has brought them up to date. Nothing comes while the stream is broken.
  void request_progress();
  // The next reply of any of its watches. Code::timed_out or cancelled when the context ends first.
  Result<WatchReply> next(const Context& ctx);

 private:
  Client* client_;
  std::shared_ptr<WatchQueue> queue_;
  std::set<std::int64_t> ids_;
};

}  // namespace coord::etcd
