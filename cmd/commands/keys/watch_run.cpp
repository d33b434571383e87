#include "cmd/commands/keys/watch_run.hpp"

#include <fmt/format.h>

#include "cmd/commands/keys/watch_event.hpp"
#include "cmd/commands/keys/watch_records.hpp"
#include "cmd/commands/shared/about.hpp"

namespace coord::commands {

Result<std::optional<run::Event>> WatchEvents::next(const Context& ctx) {
  while (at_ == news_.reply.events.size()) {
    if (error_) return std::unexpected(*error_);
    COORD_TRY(fetch(ctx));
    const bool is_only_printed = !how_.runs || news_.reply.events.empty();
    if (is_only_printed) at_ = news_.reply.events.size();
    if (is_only_printed && how_.prints) return only_printed();
  }
  const bool first = at_ == 0;
  COORD_TRY_INTO(run::Event event, event_for_command(news_, news_.reply.events[at_]));
  if (first && how_.prints) event.begin = printing();
  event.argv = how_.argv;
  ++at_;
  return event;
}

Result<> WatchEvents::fetch(const Context& ctx) {
  auto news = feed_->next(ctx);
  if (!news) return std::unexpected(about("watch", what_, std::move(news).error()));
  news_ = *std::move(news);
  at_ = 0;
  const auto kind = news_.reply.kind;
  if (kind == etcd::WatchReply::Kind::compacted || kind == etcd::WatchReply::Kind::cancelled)
    error_ = about("watch", what_, news_.reply.error);
  return {};
}

run::Event WatchEvents::only_printed() {
  run::Event event;
  event.begin = printing();
  event.runs = false;
  return event;
}

std::function<Result<>()> WatchEvents::printing() {
  return [env = env_, reply = news_.reply] { return print_watch(*env, reply); };
}

Result<int> run_for_events(cli::Env& env, const std::string& what, std::shared_ptr<WatchFeed> feed,
                           const WatchCommand& command) {
  const auto events = std::make_shared<WatchEvents>(env, what, std::move(feed),
                                                    WatchEvents::How{.prints = command.prints});
  return run::on_event(
      env, "watch " + what, [events](const Context& ctx) { return events->next(ctx); },
      command.options);
}

}  // namespace coord::commands
