// Internal. WatchHub: the one watch stream of a client, and the thread that reads it.
//
// Watch ids are ours and stay the same over reconnects; on the wire a watch has a new id each time
// it is asked for. The stream is opened at the first watch, and opened again only while there is
// one. Two locks: one for the table of watches, one for writing to the stream, so that a write that
// blocks does not stop delivery. Order: write, table, queue.
//
// A watcher that does not read stops nobody else: once its queue is full, what comes for its
// watches is thrown away. When it has read half of it they are asked for again, right behind what
// they have delivered. Only then are they cancelled on the stream, since the reader thread never
// writes: where both directions are full, the server reads no more until we have read.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "coord/etcd/watch.hpp"

namespace etcdserverpb {
class WatchResponse;
}

namespace coord::etcd {

class Transport;
class WatchStream;  // in watch_hub.cpp

struct WatchQueue {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::deque<WatchReply> replies;
  std::size_t bytes = 0;  // of what waits
  bool closed = false;    // the watcher has gone
  bool starved = false;   // there was no room; whoever makes some tells the hub

  bool has_room();  // for events. All else is always taken: there is little of it
  void push(WatchReply reply);
  bool makes_room();  // the lock is held: something was taken out; shall the hub be told?
};

class WatchHub {
 public:
  WatchHub(Transport& transport, std::string prefix);
  ~WatchHub();

  std::int64_t add(std::shared_ptr<WatchQueue> queue, const WatchRequest& request);
  void remove(std::int64_t id);
  void resume(const WatchQueue* queue);  // there is room in it again
  void request_progress();

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

  struct Outgoing {
    std::shared_ptr<WatchQueue> queue;
    WatchReply reply;
  };

  void run(const std::stop_token& stop);
  void wait_for_a_watch(const std::stop_token& stop);
  Result<> serve(const std::stop_token& stop);  // one stream, from opening to its end
  void interrupt(const Error& error);
  void end_all(const Error& error);
  void ask(std::int64_t id);
  void ask_for_all();
  void cancel(std::int64_t wire);
  bool dispatch(const etcdserverpb::WatchResponse& reply);  // false: this stream must be given up
  void tell_progress(const etcdserverpb::WatchResponse& reply);
  // The table's lock is held in these.
  Entry* find(std::int64_t& id, const etcdserverpb::WatchResponse& reply);
  std::optional<Outgoing> on_created(std::int64_t id, Entry& entry,
                                     const etcdserverpb::WatchResponse& reply);
  bool on_cancelled(std::int64_t id, Entry& entry, const etcdserverpb::WatchResponse& reply,
                    std::optional<Outgoing>& outgoing);
  std::optional<Outgoing> on_events(std::int64_t id, Entry& entry,
                                    const etcdserverpb::WatchResponse& reply);

  Transport& transport_;
  const std::string prefix_;
  std::mutex write_mutex_;
  std::shared_ptr<WatchStream> stream_;  // null while there is none
  std::uint64_t generation_ = 0;         // of streams
  std::deque<std::int64_t> unanswered_;  // asked for on this stream, in order
  std::mutex mutex_;
  std::condition_variable_any added_;
  std::map<std::int64_t, Entry> entries_;
  std::map<std::int64_t, std::int64_t> on_wire_;  // ids of this stream, and whose they are
  std::int64_t last_id_ = 0;
  std::int64_t last_wire_ = 0;
  // The reader's: why it leaves a stream that still stands.
  std::optional<std::string> given_up_;
  bool logs_in_ = false;  // to come back at once with a new token
  std::jthread reader_;
};

}  // namespace coord::etcd
