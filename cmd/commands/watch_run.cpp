#include "cmd/commands/watch_run.hpp"

#include <fmt/format.h>

#include "cmd/commands/about.hpp"
#include "cmd/commands/watch_event.hpp"
#include "cmd/commands/watch_records.hpp"

namespace coord::commands {
namespace {

// The events of a feed one by one.
class OneByOne {
 public:
  OneByOne(cli::Env& env, std::string what, std::shared_ptr<WatchFeed> feed, bool prints)
      : env_(&env), what_(std::move(what)), feed_(std::move(feed)), prints_(prints) {}

  Result<std::optional<run::Event>> next(const Context& ctx) {
    while (at_ == news_.reply.events.size()) {
      if (error_) return std::unexpected(*error_);
      COORD_TRY_INTO(const bool is_over, fetch(ctx));
      if (is_over && prints_) return only_printed();
    }
    const bool first = at_ == 0;
    COORD_TRY_INTO(run::Event event, event_for_command(news_, news_.reply.events[at_]));
    if (first && prints_) event.begin = printing(news_.reply);
    ++at_;
    return event;
  }

 private:
  // Whether there is nothing in it to run CMD for.
  Result<bool> fetch(const Context& ctx) {
    auto news = feed_->next(ctx);
    if (!news) return std::unexpected(about("watch", what_, std::move(news).error()));
    news_ = *std::move(news);
    at_ = 0;
    const auto kind = news_.reply.kind;
    if (kind == etcd::WatchReply::Kind::compacted || kind == etcd::WatchReply::Kind::cancelled)
      error_ = about("watch", what_, news_.reply.error);
    return news_.reply.events.empty();
  }

  run::Event only_printed() {
    run::Event event;
    event.begin = printing(news_.reply);
    event.runs = false;
    return event;
  }

  std::function<Result<>()> printing(const etcd::WatchReply& reply) {
    return [env = env_, reply] { return print_watch(*env, reply); };
  }

  cli::Env* env_;
  std::string what_;
  std::shared_ptr<WatchFeed> feed_;
  bool prints_;
  WatchNews news_;
  std::size_t at_ = 0;
  std::optional<Error> error_;
};

}  // namespace

Result<int> run_for_events(cli::Env& env, const std::string& what, std::shared_ptr<WatchFeed> feed,
                           const WatchCommand& command) {
  const auto events = std::make_shared<OneByOne>(env, what, std::move(feed), command.prints);
  return run::on_event(
      env, "watch " + what, [events](const Context& ctx) { return events->next(ctx); },
      command.options);
}

}  // namespace coord::commands
