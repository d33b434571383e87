// coord dequeue NAME without CMD: claim, print, and only then take away.
#include <fmt/format.h>

#include <algorithm>

#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/report.hpp"
#include "cmd/commands/queues/dequeue.hpp"
#include "cmd/commands/queues/queue_claim.hpp"
#include "cmd/commands/shared/conflict.hpp"
#include "cmd/commands/shared/queue_words.hpp"
#include "cmd/run/waiting.hpp"
#include "coord/recipe/backlog.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::commands {

using namespace std::chrono_literals;

namespace {

constexpr std::int64_t kAhead = 16;  // items that --follow claims at once, if they are there

out::Record item_record(const recipe::ClaimedItem& item) {
  out::Record record;
  record.add("key", "Key", out::Readable{item.item_key})
      .add("value", "Value", out::Readable{item.value}, out::Zero::keep);
  record.add("revision", "Revision", item.create_revision)
      .add("attempt", "Attempt", static_cast<std::int64_t>(item.attempt));
  return record.bytes(item.value);
}

class Printing {
 public:
  Printing(const DequeueOptions& options, const run::Plan& plan, etcd::Client& client,
           cli::Env& env)
      : options_(&options),
        plan_(&plan),
        client_(&client),
        env_(&env),
        queue_(options.queue()),
        left_(options.follow ? 0 : options.count),
        backlog_(client, queue_, std::clamp<std::int64_t>(most(), 8, 64),
                 static_cast<int>(options.attempts)) {
    if (options.null && env.globals().format == out::Format::simple) {
      zeros_ = out::make_simple_printer(env.out(), {.hex = env.globals().hex, .line_end = '\0'});
    }
  }

  Result<> run() {
    while (options_->follow || left_ > 0) {
      const auto items = take(plan_->waits() && (options_->follow || !printed_));
      // Nothing more is no failure after the first item.
      if (!items && printed_ && ends_well(items.error())) break;
      COORD_TRY(items);
      COORD_TRY(hand_out(*items));
      left_ -= std::ssize(*items);
    }
    return {};
  }

  void close() {
    if (session_) (void)session_->close(Context::within(2s));
  }

 private:
  std::int64_t most() const { return options_->follow ? kAhead : left_; }
  static bool ends_well(const Error& error) {
    return error.code == Code::busy || error.code == Code::timed_out;
  }

  Context limit(bool wait) const {
    const Context ctx(env_->stop());
    if (!wait) return ctx.at_most(recipe::kRequestLimit);
    return plan_->timeout ? ctx.at_most(*plan_->timeout) : ctx;
  }

  Result<std::vector<recipe::ClaimedItem>> take(bool wait) {
    auto items = take(limit(wait), wait);
    if (!items && !wait) return std::unexpected(as_outage(std::move(items).error()));
    return items;
  }

  Result<std::vector<recipe::ClaimedItem>> take(const Context& ctx, bool wait) {
    for (;;) {
      COORD_TRY(await(ctx, wait));
      COORD_TRY(open_session(ctx));
      auto items = consumer_->claim(ctx, backlog_.items(), static_cast<std::size_t>(most()));
      if (items && !items->empty()) return items;
      if (!items && items.error().code != Code::lost) return items;
      if (!items) session_.reset();  // it ended while we waited: with a new one
    }
  }

  Result<> await(const Context& ctx, bool wait) {
    std::optional<QueueItemClaim> claim;
    std::optional<run::WaitingLine> line;
    if (wait) {
      claim.emplace(QueueClaimOptions{.queue = queue_, .tell_empty = !options_->follow},
                    recipe::HolderInfo{}, *env_);
      line.emplace(*env_, *client_, *claim, [] { return std::int64_t{0}; });
    }
    auto there = backlog_.await(ctx, wait);
    const std::string foreign = about_foreign(queue_, backlog_.foreign());
    if (!foreign.empty() && !std::exchange(told_, true)) env_->note(foreign);
    return there;
  }

  Result<> open_session(const Context& ctx) {
    if (session_ && !session_->lost()) return {};
    COORD_TRY_INTO(session_, recipe::patiently(ctx, [&](const Context& bounded) {
                     return etcd::Session::open(*client_, bounded, plan_->ttl);
                   }));
    consumer_.emplace(*client_, session_->lease(), queue_, describe_us(options_->hold, *env_));
    return {};
  }

  // An item that could not be printed goes back; one that was is done.
  Result<> hand_out(const std::vector<recipe::ClaimedItem>& items) {
    for (const recipe::ClaimedItem& item : items) {
      const out::Record record = item_record(item);
      zeros_ ? zeros_->print(record) : env_->print(record);
    }
    if (const auto written = env_->out().flush(); !written) {
      give_back(items);
      return written;
    }
    printed_ = true;
    const auto gone =
        recipe::finish(*client_, Context(env_->stop()).at_most(plan_->ttl), options_->name, items);
    if (!gone) {
      Error error = as_outage(gone.error());
      error.hint = "what was printed last will be served again";
      return std::unexpected(in_context(describe_queue(options_->name), std::move(error)));
    }
    if (*gone > 0) {
      env_->note(fmt::format("coord: {}: {} of the items printed were given to others meanwhile",
                             describe_queue(options_->name), *gone));
    }
    return {};
  }

  void give_back(const std::vector<recipe::ClaimedItem>& items) {
    const Context limit = Context::within(3s);
    for (const recipe::ClaimedItem& item : items) {
      const auto given =
          recipe::give_back(*client_, limit, options_->name, item, {.counts = false});
      if (!given) {
        env_->note(fmt::format(
            "coord: {}: could not give back an item: {}; that happens when its lease has ended",
            describe_queue(options_->name), given.error().message));
      }
    }
  }

  const DequeueOptions* options_;
  const run::Plan* plan_;
  etcd::Client* client_;
  cli::Env* env_;
  recipe::QueueName queue_;
  std::int64_t left_;
  recipe::Backlog backlog_;
  std::unique_ptr<etcd::Session> session_;
  std::optional<recipe::QueueConsumer> consumer_;
  std::unique_ptr<out::Printer> zeros_;
  bool printed_ = false;
  bool told_ = false;
};

}  // namespace

Result<int> print_items(const DequeueOptions& options, const run::Plan& plan, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  Printing printing(options, plan, *client, env);
  auto done = printing.run();
  printing.close();
  if (done) return cli::kDone;
  Error error = nothing_taken(options.queue(), std::move(done).error());
  if (!is_answer(error)) return std::unexpected(std::move(error));
  env.note(cli::spoken(error, env.color()));
  return plan.conflict_status.value_or(cli::exit_code(error.code));
}

}  // namespace coord::commands
