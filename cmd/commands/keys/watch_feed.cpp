#include "cmd/commands/keys/watch_feed.hpp"

#include <fmt/format.h>

#include <optional>

#include "cmd/commands/shared/about.hpp"

namespace coord::commands {
namespace {

using Kind = etcd::WatchReply::Kind;

Error no_answer(const etcd::Client& client) {
  return client.trouble().value_or(
      Error{Code::unavailable, "etcd at " + client.endpoints() + " does not serve it",
            "a majority of the members must be up and see each other"});
}

// Into the reply's error: why there will be no more.
void explain_end(etcd::WatchReply& reply, bool asked_for_past) {
  Error& error = reply.error;
  constexpr std::string_view kOpening = "watch: ";
  if (error.message.starts_with(kOpening)) error.message.erase(0, kOpening.size());
  if (reply.kind == Kind::compacted) {  // the server gives the revision only, not these words
    error.code = Code::compacted;
    error.message = "etcdserver: mvcc: required revision has been compacted";
    error.hint = fmt::format("the oldest revision that is left is {}", reply.compact_revision);
  }
  error.message = fmt::format("watch was canceled ({})", error.message);
  if (reply.kind != Kind::compacted || asked_for_past) return;
  error.message += fmt::format("; revisions {} to {} were missed", reply.next_revision,
                               reply.compact_revision - 1);
  error.hint = "watch --initial would have listed again and gone on";
}

class Events : public WatchFeed {
 public:
  Events(cli::Env& env, etcd::WatchRequest request, std::string what)
      : env_(&env), request_(std::move(request)), what_(std::move(what)) {}

  Result<WatchNews> next(const Context& ctx) override {
    if (!watcher_) COORD_TRY(begin());
    for (;;) {
      auto reply = watcher_->next(created_ ? ctx : ctx.until(give_up_));
      if (!reply && reply.error().code == Code::timed_out && !created_)
        return std::unexpected(no_answer(*client_));
      if (!reply) return std::unexpected(std::move(reply).error());
      COORD_TRY_INTO(const bool is_news, hear(*reply));
      if (is_news) return WatchNews{*std::move(reply), false};
    }
  }

 private:
  Result<> begin() {
    COORD_TRY_INTO(client_, env_->client());
    give_up_ = env_->context().deadline();
    watcher_.emplace(*client_);
    (void)watcher_->add(request_);
    return {};
  }

  Result<bool> hear(etcd::WatchReply& reply) {
    switch (reply.kind) {
      case Kind::created:
        created_ = true;
        return false;
      case Kind::interrupted:
        interrupted_ = true;
        COORD_TRY(interrupted(reply.error));
        return false;
      case Kind::resumed:
        env_->note(fmt::format("coord: watch {}: goes on", what_));
        return false;
      case Kind::events:
        delivered_ = true;
        return true;
      case Kind::progress:
        return true;
      case Kind::compacted:
      case Kind::cancelled:
        explain_end(reply, request_.start_revision > 0 && !delivered_ && !interrupted_);
        return true;
    }
    return false;
  }

  // What merely ended the stream may be a token that was too old, and is tried again.
  Result<> interrupted(const Error& error) const {
    if (!created_ && error.code == Code::cancelled) return {};
    if (!created_) return std::unexpected(error);
    env_->note(fmt::format("coord: {}", about("watch", what_, error).message));
    return {};
  }

  cli::Env* env_;
  etcd::WatchRequest request_;
  std::string what_;
  etcd::Client* client_ = nullptr;
  BootTime give_up_ = kNever;
  std::optional<etcd::Watcher> watcher_;
  bool created_ = false;    // the server has taken the watch on
  bool delivered_ = false;  // and told of something
  bool interrupted_ = false;
};

}  // namespace

std::unique_ptr<WatchFeed> follow_events(cli::Env& env, etcd::WatchRequest request,
                                         std::string what) {
  return std::make_unique<Events>(env, std::move(request), std::move(what));
}

}  // namespace coord::commands
