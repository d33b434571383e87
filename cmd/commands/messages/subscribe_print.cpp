// coord subscribe TOPIC without CMD: each message is printed, and only then counts as delivered.
#include <csignal>
#include <stop_token>

#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/messages/subscription.hpp"
#include "cmd/commands/shared/reader.hpp"
#include "cmd/commands/shared/until_signal.hpp"

namespace coord::commands {

using namespace std::chrono_literals;
using recipe::Delivery;

namespace {

constexpr int kMostUnkept = 100;  // messages that may come again when we are killed

out::Record message_record(const std::string& topic, const etcd::KeyValue& message) {
  out::Record record;
  record.add("topic", "Topic", out::Readable{topic})
      .add("key", "Key", out::Readable{message.key})
      .add("value", "Value", out::Readable{message.value}, out::Zero::keep)
      .add("revision", "Revision", message.mod_revision);
  return record.bytes(message.value);
}

// For those who read records; people have been told on stderr.
out::Record gap_record(const std::string& topic, const Delivery& gap) {
  out::Record record;
  record.add("topic", "Topic", out::Readable{topic});
  return record.add("gap", "",
                    out::Fields{{"from", "GapFrom", gap.gap_from}, {"to", "GapTo", gap.gap_to}});
}

class Printing {
 public:
  Printing(const SubscribeOptions& options, cli::Env& env)
      : options_(&options), env_(&env), subscription_(options, env) {
    if (options.null && env.globals().format == out::Format::simple)
      zeros_ = out::make_simple_printer(env.out(), {.hex = env.globals().hex, .line_end = '\0'});
  }

  Result<int> run(const Context& ctx) {
    auto ended = print_all(ctx);
    // What was printed is kept whatever ended it, a signal too.
    auto kept = keep(Context::within(3s));
    if (!ended) return std::unexpected(std::move(ended).error());
    COORD_TRY(kept);
    return cli::kDone;
  }

 private:
  Result<> print_all(const Context& ctx) {
    for (std::int64_t left = options_->count.value_or(-1); left != 0;) {
      COORD_TRY_INTO(const Delivery said, subscription_.next(ctx));
      if (said.kind == Delivery::Kind::gap) {
        print(gap_record(options_->topic, said));
      } else {
        print(message_record(options_->topic, said.message));
        --left;
      }
      COORD_TRY(env_->out().flush());
      if (said.kind == Delivery::Kind::gap) continue;
      printed_ = said.position;
      if (++unkept_ >= kMostUnkept || !subscription_.has_more()) COORD_TRY(keep(ctx));
    }
    return {};
  }

  void print(const out::Record& record) {
    if (zeros_) return zeros_->print(record);
    env_->print(record);
  }

  Result<> keep(const Context& ctx) {
    if (unkept_ == 0) return {};
    COORD_TRY(subscription_.move(ctx, printed_));
    unkept_ = 0;
    return {};
  }

  const SubscribeOptions* options_;
  cli::Env* env_;
  Subscription subscription_;
  std::unique_ptr<out::Printer> zeros_;
  recipe::Position printed_;
  int unkept_ = 0;
};

}  // namespace

Result<int> print_messages(const SubscribeOptions& options, cli::Env& env) {
  return until_signal(env, [&](const Context& ctx) -> Result<int> {
    const Reader reader(env.streams().out);
    std::stop_source stop;
    const auto end = [&stop] { stop.request_stop(); };
    const std::stop_callback by_signal(ctx.stop(), end);
    const std::stop_callback by_reader(reader.gone(), end);
    auto ended = Printing(options, env).run(Context(stop.get_token()));
    if (!ended && reader.gone().stop_requested() && !ctx.stopped())
      return cli::kSignalBase + SIGPIPE;
    return ended;
  });
}

}  // namespace coord::commands
