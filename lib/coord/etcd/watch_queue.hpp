// Internal. WatchQueue: the replies that wait for one Watcher. The hub's reader thread puts them
// in, whoever calls next() takes them out.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "coord/etcd/watch.hpp"

namespace coord::etcd {

struct WatchQueue {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::deque<WatchReply> replies;
  std::size_t bytes = 0;  // of what waits
  bool closed = false;    // the watcher has gone
  bool starved = false;   // there was no room; whoever makes some tells the hub

  bool has_room();  // for events. All else is always taken: there is little of it
  void push(WatchReply reply);
  // The lock is held in these.
  WatchReply take();  // the first one; there is one
  bool makes_room();  // something was taken out; shall the hub be told?
};

}  // namespace coord::etcd
