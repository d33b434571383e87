#include "cmd/commands/keys/watch_interactive.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "cmd/commands/keys/watch_line.hpp"
#include "cmd/commands/keys/watch_run.hpp"
#include "cmd/commands/shared/about.hpp"
#include "coord/base/notifier.hpp"
#include "coord/proc/fd.hpp"

namespace coord::commands {
namespace {

// Lines of stdin, for a thread that can be called off.
class Lines {
 public:
  explicit Lines(int fd) : fd_(fd) {}

  void call_off() { over_.post(); }

  // Without its newline. Nothing at the end, or when it was called off.
  std::optional<std::string> next() {
    for (;;) {
      if (const auto end = buffer_.find('\n'); end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return line;
      }
      std::array<pollfd, 2> fds{{{over_.fd(), POLLIN, 0}, {fd_, POLLIN, 0}}};
      if (poll(fds.data(), fds.size(), -1) < 0) continue;
      std::array<char, 4096> bytes{};
      const ssize_t got = fds[0].revents == 0 ? read(fd_, bytes.data(), bytes.size()) : 0;
      if (got <= 0) return std::nullopt;
      buffer_.append(bytes.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  int fd_;
  Notifier over_;
  std::string buffer_;
};

// A thread that reads stdin, one for each watch, and one slot for the next event of any of them.
class Interactive {
 public:
  Interactive(WatchOptions options, WatchVariables variables, cli::Env& env)
      : options_(std::move(options)),
        variables_(std::move(variables)),
        env_(&env),
        lines_(env.streams().in) {}

  ~Interactive() {
    stop_.request_stop();
    lines_.call_off();
  }
  Interactive(const Interactive&) = delete;
  Interactive& operator=(const Interactive&) = delete;

  Result<std::optional<run::Event>> next(const Context& ctx) {
    if (client_ == nullptr) COORD_TRY(begin());
    std::unique_lock lock(mutex_);
    const auto ready = [this] { return event_ || error_; };
    if (!changed_.wait(lock, ctx.stop(), ready)) return fail(Code::cancelled, "watch: cancelled");
    if (!event_) return std::unexpected(*error_);
    auto event = std::exchange(event_, std::nullopt);
    changed_.notify_all();
    return event;
  }

 private:
  Result<> begin() {
    COORD_TRY_INTO(client_, env_->client());
    progress_.emplace(*client_);
    reader_ = std::jthread([this] { end(read_all()); });
    return {};
  }

  Error read_all() {
    while (const auto line = lines_.next()) {
      std::string refused;
      auto parsed = parse_watch_line(*line, variables_, refused);
      if (!parsed) return parsed.error();
      if (!*parsed) {
        env_->note(refused);
      } else if ((*parsed)->progress) {
        progress_->request_progress();
      } else if (const auto added = add(**std::move(parsed)); !added) {
        env_->note(fmt::format("Invalid command {} ({})", *line, added.error().message));
      }
    }
    return {Code::bad_data, "watch: reading watch request line: EOF", ""};
  }

  Result<> add(WatchLine line) {
    COORD_TRY_INTO(auto request, watch_query(line.options, variables_));
    const std::string what = describe(line.options.keys, {request.key, request.range_end});
    auto events = std::make_shared<WatchEvents>(
        *env_, what, follow_events(*env_, std::move(request), what),
        WatchEvents::How{.prints = line.command.empty() || !options_.no_print,
                         .runs = !line.command.empty(),
                         .argv = std::move(line.command)});
    watches_.emplace_back([this, events] { follow(*events); });
    return {};
  }

  void follow(WatchEvents& events) {
    for (;;) {
      auto event = events.next(Context(stop_.get_token()));
      if (event) {
        hand_over(**std::move(event));
        continue;
      }
      if (event.error().code == Code::cancelled && stop_.stop_requested()) return;
      if (event.error().code == Code::unavailable) return end(event.error());
      return env_->note("coord: " + event.error().message);
    }
  }

  void hand_over(run::Event event) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop_.get_token(), [this] { return !event_; })) return;
    event_ = std::move(event);
    changed_.notify_all();
  }

  void end(Error error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
    changed_.notify_all();
  }

  WatchOptions options_;
  WatchVariables variables_;
  cli::Env* env_;
  etcd::Client* client_ = nullptr;
  std::optional<etcd::Watcher> progress_;  // has no watch of its own
  Lines lines_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<run::Event> event_;
  std::optional<Error> error_;
  std::stop_source stop_;
  std::list<std::jthread> watches_;
  std::jthread reader_;  // last: it makes the others
};

}  // namespace

Result<int> run_interactive(const WatchOptions& options, const WatchVariables& variables,
                            cli::Env& env) {
  const auto watches = std::make_shared<Interactive>(options, variables, env);
  run::EventOptions how{.busy = {.on_busy = run::OnBusy::queue}};
  how.failure_ends = !options.keep_going;
  return run::on_event(
      env, "watch", [watches](const Context& ctx) { return watches->next(ctx); }, how);
}

}  // namespace coord::commands
