#include "cmd/commands/keys/watch.hpp"

#include "cmd/cli/define.hpp"
#include "cmd/cli/process_variable.hpp"
#include "cmd/cli/settings.hpp"
#include "cmd/commands/keys/watch_feed.hpp"
#include "cmd/commands/keys/watch_interactive.hpp"
#include "cmd/commands/keys/watch_records.hpp"
#include "cmd/commands/keys/watch_run.hpp"
#include "cmd/commands/shared/about.hpp"

namespace coord::commands {
namespace {

constexpr const char* kExamples =
    "coord watch foo\n"
    "coord watch /app/ --prefix --prev-kv\n"
    "coord watch /app/ --prefix --rev 4711 -w json\n"
    "coord watch /app/ --prefix --initial --on-busy latest -- make config";

std::optional<std::string> variable(const char* name) {
  for (const char* const prefix : {"COORD_", "ETCDCTL_"}) {
    std::string value = cli::variable_text(cli::variable_name(prefix, name));
    if (!value.empty()) return value;
  }
  return std::nullopt;
}

Result<> check(const WatchOptions& options, const cli::Env& env) {
  if (options.initial && options.revision != 0)
    return fail(Code::usage, "--initial begins with what is there now, --rev with a revision");
  if (options.interactive && (options.initial || env.child() || has_key(options.keys)))
    return fail(Code::usage, "with -i keys and CMD stand on the lines of stdin",
                "watch KEY … [-- CMD…]");
  if (!env.child() && !options.interactive && (options.keep_going || options.no_print))
    return fail(Code::usage, "--keep-going and --no-print are about CMD", "put '-- CMD' behind");
  return {};
}

std::unique_ptr<WatchFeed> feed_for(const WatchOptions& options, etcd::WatchRequest request,
                                    const std::string& what, cli::Env& env) {
  return options.initial ? follow_range(env, request, what)
                         : follow_events(env, std::move(request), what);
}

Result<> print_all(WatchFeed& feed, cli::Env& env) {
  for (;;) {
    COORD_TRY_INTO(const WatchNews news, feed.next(Context(env.stop())));
    COORD_TRY(print_watch(env, news.reply));
    const auto kind = news.reply.kind;
    if (kind == etcd::WatchReply::Kind::compacted || kind == etcd::WatchReply::Kind::cancelled)
      return std::unexpected(news.reply.error);
  }
}

}  // namespace

void define_watch(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<WatchOptions>();
  CLI::App& app = cli::add_command(
      root,
      {"watch", "Keys",
       "Prints what happens to keys, as it happens, or runs a command for each event.", kExamples});
  add_watch_words(app, *options);
  cli::flag(app, "-i,--interactive", options->interactive,
            "read watches from stdin, a line each: 'watch KEY … [-- CMD…]', and 'progress'");
  cli::flag(app, "--initial", options->initial,
            "list what is there first; after a compaction list again and tell the difference");
  cli::flag(app, "--keep-going", options->keep_going, "go on when CMD fails");
  cli::flag(app, "--no-print", options->no_print, "with CMD: run it, and do not print the events");
  add_busy_options(app, options->busy, "queue");
  cli::command(app);
  registry.add(app, {.run = [options](cli::Env& env) { return run_watch(*options, env); },
                     .tail = cli::kCommandBehindMark,
                     .formats = out::kMessageFormats});
}

Result<int> run_watch(const WatchOptions& options, cli::Env& env) {
  COORD_TRY(check(options, env));
  COORD_TRY_INTO(const auto busy,
                 busy_options(options.busy, run::OnBusy::queue, env.child().has_value()));
  const WatchVariables variables{variable("watch-key"), variable("watch-range-end")};
  if (options.interactive) return run_interactive(options, variables, env);
  COORD_TRY_INTO(const auto request, watch_query(options, variables));
  const std::string what = describe(options.keys, {request.key, request.range_end});
  std::unique_ptr<WatchFeed> feed = feed_for(options, request, what, env);
  if (env.child()) {
    WatchCommand command;
    command.options = {.busy = busy, .failure_ends = !options.keep_going};
    // Printed in order, each before its CMD, or not at all.
    command.prints = busy.on_busy == run::OnBusy::queue && !options.no_print;
    return run_for_events(env, what, std::move(feed), command);
  }
  COORD_TRY(env.client());
  auto ended = print_all(*feed, env);
  return std::unexpected(about("watch", what, std::move(ended).error()));
}

}  // namespace coord::commands
