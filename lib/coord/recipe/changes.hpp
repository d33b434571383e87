// Changes: waits until what somebody has read may no longer be so. For waits that look at a whole
// state (barriers, queues) rather than at one predecessor (vanish.hpp); the same rule of waiting.
//
// The watches are opened from now, never from a past revision. Whoever waits reads the state, calls
// wait() with the revision of that read, and reads again when it returns: after news, and after
// every doubt (the watch stands at another revision, the stream broke, a compaction, a silence).
// The watches stay from one wait to the next. For one thread.
#pragma once

#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/watch.hpp"
#include "coord/recipe/patience.hpp"
#include "coord/recipe/rereads.hpp"

namespace coord::recipe {

class Changes {
 public:
  // REQUESTS without a start revision.
  Changes(etcd::Client& client, std::vector<etcd::WatchRequest> requests);

  // Blocks until something has happened after revision SEEN, or may have. The events, in the order
  // of each watch; none at a doubt: read again. Code::denied, timed_out, cancelled.
  Result<std::vector<etcd::Event>> wait(const Context& ctx, std::int64_t seen,
                                        Duration silence = kLongSilence);

  static constexpr Duration kLongSilence = std::chrono::seconds{10};

 private:
  struct Watch {
    etcd::WatchRequest request;
    std::int64_t id = 0;
  };

  void open();
  Watch* find(std::int64_t id);

  etcd::Watcher watcher_;
  std::vector<Watch> watches_;
  Rereads rereads_;  // for its early ones: how long a silence may last is the caller's
};

}  // namespace coord::recipe
