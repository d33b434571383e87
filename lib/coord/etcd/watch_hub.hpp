// Internal. WatchHub: the one watch stream of a client, and the thread that reads it.
//
// The stream is opened at the first watch, and opened again only while there is one. Two locks: one
// for the table of watches, one for writing to the stream, so that a write that blocks does not
// stop delivery. Order: write, table, queue.
//
// A watcher that does not read stops nobody else: once its queue is full, what comes for its
// watches is thrown away. When it has read half of it they are asked for again, right behind what
// they have delivered. Only then are they cancelled on the stream, since the reader thread never
// writes: where both directions are full, the server reads no more until we have read.
#pragma once

#include <grpcpp/support/status.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "coord/etcd/watch_table.hpp"

namespace coord::etcd {

class Transport;
class WatchStream;

class WatchHub {
 public:
  WatchHub(Transport& transport, std::string prefix);
  ~WatchHub();

  std::int64_t add(std::shared_ptr<WatchQueue> queue, const WatchRequest& request);
  void remove(std::int64_t id);
  void resume(const WatchQueue* queue);  // there is room in it again
  void request_progress();

 private:
  void begin(std::shared_ptr<WatchStream> stream);
  // The write lock is held in these.
  void ask(std::int64_t id);
  void ask_for_all();
  void cancel(std::int64_t wire);

  // The reader's.
  void run(const std::stop_token& stop);
  void wait_for_a_watch(const std::stop_token& stop);
  Result<> serve(const std::stop_token& stop);  // one stream, from opening to its end
  grpc::Status why_ended(const grpc::Status& status, const std::stop_token& stop);
  bool dispatch(const etcdserverpb::WatchResponse& reply);  // false: this stream must be given up
  void tell(const std::function<std::vector<WatchTable::Outgoing>()>& make);

  Transport& transport_;
  std::mutex write_mutex_;
  std::shared_ptr<WatchStream> stream_;  // null while there is none
  std::mutex mutex_;                     // the table's
  std::condition_variable_any added_;
  WatchTable table_;
  // The reader's: why it leaves a stream that still stands.
  std::optional<std::string> given_up_;
  bool logs_in_ = false;  // to come back at once with a new token
  std::jthread reader_;
};

}  // namespace coord::etcd
