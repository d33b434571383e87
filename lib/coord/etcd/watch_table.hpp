// Internal. WatchTable: the watches of a client, their ids on the stream that stands, and what the
// server's replies mean to them. It has no lock and no stream: its owner has both, and whatever a
// watcher is to be told is handed to the owner.
//
// A watch keeps the id that add() gave it. On the wire it has a new one each time it is asked for,
// so that nothing of the old one can be taken for the new one's.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "coord/etcd/watch_queue.hpp"

namespace etcdserverpb {
class WatchRequest;
class WatchResponse;
}  // namespace etcdserverpb

namespace coord::etcd {

class WatchTable {
 public:
  struct Outgoing {
    std::shared_ptr<WatchQueue> queue;
    WatchReply reply;
  };

  // What a reply says of the stream as a whole.
  enum class Stream {
    goes_on,
    needs_login,  // its token may be stale
    no_leader,    // the reply's cancel_reason has the words
  };

  struct Heard {
    std::optional<Outgoing> outgoing;
    Stream stream = Stream::goes_on;
  };

  struct Resumed {
    std::int64_t id = 0;
    std::int64_t wire = 0;  // what it had on this stream, to be cancelled; 0: nothing
  };

  explicit WatchTable(std::string prefix);

  bool empty() const { return entries_.empty(); }
  std::vector<std::int64_t> ids() const;
  std::int64_t add(std::shared_ptr<WatchQueue> queue, const WatchRequest& request);
  std::int64_t remove(std::int64_t id);  // what it had on this stream, as in Resumed
  std::vector<Resumed> resume(const WatchQueue* queue);

  void begin_stream();  // a new one: nothing has been asked for on it
  // The request for it on this stream. Nothing: it has been asked for, is paused, or gone.
  std::optional<etcdserverpb::WatchRequest> ask(std::int64_t id);

  Heard hear(const etcdserverpb::WatchResponse& reply);  // about one watch
  // For each watch: what was asked for is about the stream as a whole.
  std::vector<Outgoing> progress(const etcdserverpb::WatchResponse& reply) const;
  std::vector<Outgoing> interrupt(const Error& error);  // for each that does not know yet
  std::vector<Outgoing> end_all(const Error& error);

 private:
  struct Entry {
    WatchRequest request;
    std::int64_t next_revision = 0;  // 0: from now; where to go on after a reconnect
    std::shared_ptr<WatchQueue> queue;
    std::uint64_t stream = 0;  // the stream that it was asked for on
    std::int64_t wire = 0;     // its id there
    bool created = false;      // has been, on any stream
    bool interrupted = false;  // and that has been told
    bool paused = false;       // its queue was full: deaf until resume()
    bool retried = false;      // refused once already, with a token that may have been stale
    std::vector<Event> fragments;
  };

  Entry* find(std::int64_t& id, const etcdserverpb::WatchResponse& reply);
  static std::optional<Outgoing> on_created(std::int64_t id, Entry& entry,
                                            const etcdserverpb::WatchResponse& reply);
  Heard on_cancelled(std::int64_t id, Entry& entry, const etcdserverpb::WatchResponse& reply);
  WatchReply last_of(std::int64_t id, const Entry& entry,
                     const etcdserverpb::WatchResponse& reply) const;
  std::optional<Outgoing> on_events(std::int64_t id, Entry& entry,
                                    const etcdserverpb::WatchResponse& reply) const;

  const std::string prefix_;
  std::uint64_t generation_ = 0;         // of streams
  std::deque<std::int64_t> unanswered_;  // asked for on this stream, in order
  std::map<std::int64_t, Entry> entries_;
  std::map<std::int64_t, std::int64_t> on_wire_;  // ids of this stream, and whose they are
  std::int64_t last_id_ = 0;
  std::int64_t last_wire_ = 0;
};

}  // namespace coord::etcd
