#include "cmd/commands/watch.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "cmd/cli/define.hpp"
#include "cmd/cli/settings.hpp"
#include "cmd/commands/about.hpp"
#include "cmd/commands/watch_records.hpp"
#include "coord/etcd/wire.hpp"

namespace coord::commands {
namespace {

using Kind = etcd::WatchReply::Kind;

constexpr const char* kExamples =
    "coord watch foo\n"
    "coord watch /app/ --prefix --prev-kv\n"
    "coord watch /app/ --prefix --rev 4711 -w json";

std::optional<std::string> variable(const char* name) {
  for (const char* const prefix : {"COORD_", "ETCDCTL_"}) {
    const std::string full = cli::variable_name(prefix, name);
    const char* value = std::getenv(full.c_str());  // NOLINT(concurrency-mt-unsafe): no threads yet
    if (value != nullptr && *value != '\0') return value;
  }
  return std::nullopt;
}

// The replies of one watch, as they come.
class Watching {
 public:
  Watching(cli::Env& env, std::string what) : env_(&env), what_(std::move(what)) {}

  // Has the server taken the watch on?
  bool created() const { return created_; }

  Result<> take(etcd::WatchReply reply) {
    switch (reply.kind) {
      case Kind::created:
        created_ = true;
        return {};
      case Kind::interrupted:
        return interrupted(reply.error);
      case Kind::resumed:
        env_->note(fmt::format("coord: watch {}: goes on, nothing was missed", what_));
        return {};
      case Kind::progress:
        env_->out().write(fmt::format("progress notify: {}\n", reply.header.revision));
        return show(std::move(reply));
      case Kind::events:
        return show(std::move(reply));
      case Kind::compacted:
      case Kind::cancelled:
        return ended(std::move(reply));
    }
    return {};
  }

 private:
  Result<> show(etcd::WatchReply reply) {
    env_->printer().message([&] { return etcd::wire(reply); });
    env_->print(watch_record(std::move(reply)));
    return env_->out().flush();
  }

  // What merely ended the stream may be a token that was too old, and is tried again.
  Result<> interrupted(const Error& error) const {
    if (!created_ && error.code == Code::cancelled) return {};
    if (!created_) return std::unexpected(error);
    env_->note(fmt::format("coord: {}", about("watch", what_, error).message));
    return {};
  }

  Result<> ended(etcd::WatchReply reply) {
    Error error = reply.error;
    constexpr std::string_view kOpening = "watch: ";
    if (error.message.starts_with(kOpening)) error.message.erase(0, kOpening.size());
    if (reply.kind == Kind::compacted) {  // the server gives the revision only, not these words
      error.code = Code::compacted;
      error.message = "etcdserver: mvcc: required revision has been compacted";
      error.hint = fmt::format("the oldest revision that is left is {}", reply.compact_revision);
    }
    error.message = fmt::format("watch was canceled ({})", error.message);
    COORD_TRY(show(std::move(reply)));
    return std::unexpected(std::move(error));
  }

  cli::Env* env_;
  std::string what_;
  bool created_ = false;
};

Error no_answer(const etcd::Client& client) {
  return client.trouble().value_or(
      Error{Code::unavailable, "etcd at " + client.endpoints() + " does not serve it",
            "a majority of the members must be up and see each other"});
}

Result<> follow(etcd::Client& client, const etcd::WatchRequest& request, Watching& watching,
                cli::Env& env) {
  etcd::Watcher watcher(client);
  (void)watcher.add(request);
  const Context first = env.context();
  for (;;) {
    auto reply = watcher.next(watching.created() ? Context(env.stop()) : first);
    if (!reply && reply.error().code == Code::timed_out) return std::unexpected(no_answer(client));
    if (!reply) return std::unexpected(std::move(reply).error());
    COORD_TRY(watching.take(*std::move(reply)));
  }
}

}  // namespace

void define_watch(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<WatchOptions>();
  CLI::App& app = cli::add_command(
      root, {"watch", "Keys", "Prints what happens to keys, as it happens.", kExamples});
  cli::operand(app, "KEY", options->keys.first, "the key, or where the range begins",
               cli::Shown::plain);
  cli::operand(app, "RANGE_END", options->keys.second,
               "where the range ends: the first key that is not in it");
  add_range_options(app, options->keys);
  add_key_options(app, options->keys);
  cli::number(app, "--rev", options->revision, "begin with what happened at this revision");
  cli::flag(app, "--prev-kv", options->prev_kv, "show what the key was before");
  cli::flag(app, "--progress-notify", options->progress_notify,
            "say every ten minutes how far it is, when nothing happens");
  registry.add(app, {.run = [options](cli::Env& env) { return run_watch(*options, env); },
                     .formats = out::kMessageFormats});
}

Result<int> run_watch(const WatchOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto request,
                 watch_query(options, {variable("watch-key"), variable("watch-range-end")}));
  const std::string what = describe(options.keys, {request.key, request.range_end});
  COORD_TRY_INTO(etcd::Client * client, env.client());
  Watching watching(env, what);
  auto ended = follow(*client, request, watching, env);
  return std::unexpected(about("watch", what, std::move(ended).error()));
}

}  // namespace coord::commands
