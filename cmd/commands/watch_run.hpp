// `watch … -- CMD`: CMD for each event of a feed.
#pragma once

#include <memory>

#include "cmd/commands/watch_feed.hpp"
#include "cmd/run/on_event.hpp"

namespace coord::commands {

struct WatchCommand {
  run::EventOptions options;
  bool prints = true;  // each reply before CMD runs for the first event of it, as etcdctl does
};

// As run::on_event().
Result<int> run_for_events(cli::Env& env, const std::string& what, std::shared_ptr<WatchFeed> feed,
                           const WatchCommand& command);

}  // namespace coord::commands
