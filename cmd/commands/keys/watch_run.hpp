// `watch … -- CMD`: CMD for each event of a feed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cmd/commands/keys/watch_feed.hpp"
#include "cmd/run/on_event.hpp"

namespace coord::commands {

// The events of a feed one by one. For one thread at a time.
class WatchEvents {
 public:
  struct How {
    bool prints = true;             // each reply, before CMD runs for the first event of it
    bool runs = true;               // CMD
    std::vector<std::string> argv;  // empty: that of the command line
  };

  WatchEvents(cli::Env& env, std::string what, std::shared_ptr<WatchFeed> feed, How how)
      : env_(&env), what_(std::move(what)), feed_(std::move(feed)), how_(std::move(how)) {}

  // As run::NextEvent. The feed's errors, and that of its last reply, which is printed first.
  Result<std::optional<run::Event>> next(const Context& ctx);

 private:
  Result<> fetch(const Context& ctx);
  run::Event only_printed();
  std::function<Result<>()> printing();

  cli::Env* env_;
  std::string what_;
  std::shared_ptr<WatchFeed> feed_;
  How how_;
  WatchNews news_;
  std::size_t at_ = 0;
  std::optional<Error> error_;
};

struct WatchCommand {
  run::EventOptions options;
  bool prints = true;  // each reply before CMD runs for the first event of it, as etcdctl does
};

// As run::on_event().
Result<int> run_for_events(cli::Env& env, const std::string& what, std::shared_ptr<WatchFeed> feed,
                           const WatchCommand& command);

}  // namespace coord::commands
