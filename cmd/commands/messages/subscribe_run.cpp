// coord subscribe TOPIC -- CMD: CMD runs for one message after the other, in order, again where it
// fails; a message counts as delivered when CMD has exited with 0.
#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/messages/subscription.hpp"
#include "cmd/commands/shared/event_input.hpp"
#include "cmd/run/on_event.hpp"
#include "coord/base/bytes.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/signals.hpp"

namespace coord::commands {

using namespace std::chrono_literals;
using recipe::Delivery;

namespace {

constexpr Duration kFirstPause = 250ms;  // before CMD is run for a message again; doubles
constexpr Duration kLongestPause = 30s;

// The messages for CMD. The next one is not asked for before CMD has ended for the last one, since
// that may be the next one again. Two threads: next() is called by one, done() by another.
class Deliveries : public std::enable_shared_from_this<Deliveries> {
 public:
  Deliveries(const SubscribeOptions& options, cli::Env& env, int& status)
      : options_(&options), env_(&env), status_(&status), subscription_(options, env) {}

  Result<std::optional<run::Event>> next(const Context& ctx) {
    {
      std::unique_lock lock(mutex_);
      ended_.wait(lock, ctx.stop(), [this] { return !under_way_; });
    }
    COORD_TRY(ctx.check("subscribe"));
    if (over_) return std::nullopt;
    if (attempt_ == 0) {
      COORD_TRY_INTO(message_, next_message(ctx));
    } else {
      ctx.sleep(std::min(kLongestPause, kFirstPause * (1 << std::min(attempt_ - 1, 10))));
      COORD_TRY(ctx.check("subscribe"));
    }
    ++attempt_;
    under_way_ = true;
    return event();
  }

  Result<> done(const Context& ctx, int wait_status) {
    auto settled = settle(ctx, wait_status);
    const std::lock_guard lock(mutex_);
    under_way_ = false;
    ended_.notify_all();
    return settled;
  }

 private:
  Result<Delivery> next_message(const Context& ctx) {
    for (;;) {
      COORD_TRY_INTO(Delivery said, subscription_.next(ctx));
      if (said.kind == Delivery::Kind::message) return said;
    }
  }

  Result<std::optional<run::Event>> event() {
    const etcd::KeyValue& message = message_.message;
    run::Event event;
    COORD_TRY_INTO(event.input, bytes_input(message.value));
    event.variables = {{"COORD_NAME", options_->topic},
                       {"COORD_TOPIC", options_->topic},
                       {"COORD_MESSAGE", for_variable(message.value)},
                       {"COORD_MESSAGE_KEY", message.key},
                       {"COORD_MESSAGE_REV", std::to_string(message.mod_revision)},
                       {"COORD_MESSAGE_ATTEMPT", std::to_string(attempt_)}};
    event.done = [self = shared_from_this()](const Context& ctx, int wait_status) {
      return self->done(ctx, wait_status);
    };
    return event;
  }

  Result<> settle(const Context& ctx, int wait_status) {
    if (wait_status == 0) {
      attempt_ = 0;
      over_ = options_->count && ++count_ >= *options_->count;
      return subscription_.move(ctx, message_.position);
    }
    if (options_->attempts == 0 || attempt_ < options_->attempts) return {};
    over_ = true;
    *status_ = proc::exit_status(wait_status);
    const auto fatal = proc::fatal_signal(wait_status);
    if (fatal && proc::ends_us(*fatal)) return {};  // told to end, maybe by us
    env_->note(fmt::format("coord: subscribe {}: gave up message {} of revision {} after {}",
                           in_quotes(options_->topic), in_quotes(message_.message.key),
                           message_.message.mod_revision,
                           attempt_ == 1 ? "one attempt" : fmt::format("{} attempts", attempt_)));
    return {};
  }

  const SubscribeOptions* options_;
  cli::Env* env_;
  int* status_;
  Subscription subscription_;
  std::mutex mutex_;
  std::condition_variable_any ended_;
  bool under_way_ = false;  // CMD has, or will get, the message
  Delivery message_;
  int attempt_ = 0;  // of the message; 0: the next one is to be fetched
  std::int64_t count_ = 0;
  bool over_ = false;
};

}  // namespace

Result<int> run_for_messages(const SubscribeOptions& options, cli::Env& env) {
  int status = cli::kDone;
  // It goes with the runner, before a signal ends us: the name is given back then.
  auto deliveries = std::make_shared<Deliveries>(options, env, status);
  auto next = [deliveries = std::move(deliveries)](const Context& ctx) {
    return deliveries->next(ctx);
  };
  COORD_TRY_INTO(const int ended,
                 run::on_event(env, "subscribe " + in_quotes(options.topic), std::move(next),
                               {.busy = {.on_busy = run::OnBusy::queue}}));
  return status != cli::kDone ? status : ended;
}

}  // namespace coord::commands
