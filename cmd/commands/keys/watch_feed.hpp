// WatchFeed: what happens to the keys of one `watch`, reply by reply, whoever prints it or runs a
// command for it. Outages are told on stderr and not returned.
//
// Opens the client at its first use. For one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "cmd/cli/env.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::commands {

struct WatchNews {
  etcd::WatchReply reply;  // events, progress; compacted, cancelled: its error says all, and there
                           // will be no more
  bool initial = false;    // what was there, and not what happened
};

class WatchFeed {
 public:
  virtual ~WatchFeed() = default;

  // Blocks. Only until the server has answered may it fail with Code::unavailable (after
  // --command-timeout), denied; always: cancelled, timed_out by CTX.
  virtual Result<WatchNews> next(const Context& ctx) = 0;
};

// WHAT is for messages. From now, or from a revision on.
std::unique_ptr<WatchFeed> follow_events(cli::Env& env, etcd::WatchRequest request,
                                         std::string what);

// What is there, and then what happens (recipe::LiveRange); after a gap the difference.
std::unique_ptr<WatchFeed> follow_range(cli::Env& env, const etcd::WatchRequest& request,
                                        std::string what);

}  // namespace coord::commands
