#include "cmd/commands/messages/subscription.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

#include "cmd/cli/suggest.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/hold_options.hpp"
#include "cmd/commands/shared/lock_claim.hpp"
#include "cmd/run/first_answer.hpp"
#include "cmd/run/waiting.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/layout_topic.hpp"

namespace coord::commands {

using namespace std::chrono_literals;
using recipe::Delivery;
using recipe::From;

namespace {

// The name of a subscriber, while somebody else has it.
class NameAwaited final : public run::Awaited {
 public:
  explicit NameAwaited(const SubscribeOptions& options)
      : what_(fmt::format("the name {} of topic {}", in_quotes(*options.resume),
                          in_quotes(options.topic))),
        claim_({layout::subscriber_lock(options.topic, *options.resume)}, true, {}, "") {}

  std::string what() const override { return what_; }
  Result<run::Obstacle> obstacle(const Context& ctx, etcd::Client& client,
                                 std::int64_t own_lease) override {
    return claim_.obstacle(ctx, client, own_lease);
  }

 private:
  std::string what_;
  LockClaim claim_;
};

}  // namespace

Result<From> parse_from(const std::optional<std::string>& text) {
  if (!text || *text == "now") return From{.kind = From::Kind::now};
  if (*text == "beginning") return From{.kind = From::Kind::beginning};
  std::int64_t revision = 0;
  const char* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, revision);
  if (error == std::errc{} && rest == end && revision > 0)
    return From{.kind = From::Kind::position, .position = {.revision = revision - 1}};
  return cli::none_of("--from", *text, {"beginning", "now", "REVISION"});
}

Subscription::~Subscription() {
  if (!session_) return;
  const auto closed = session_->close(Context::within(3s));
  if (!closed) env_->detail("coord: subscribe: " + closed.error().message);
}

Result<Delivery> Subscription::next(const Context& ctx) {
  auto said = next_said(options_->timeout ? ctx.at_most(*options_->timeout) : ctx);
  if (said) return said;
  return std::unexpected(about("subscribe", in_quotes(options_->topic), std::move(said).error()));
}

Result<Delivery> Subscription::next_said(const Context& ctx) {
  if (!subscriber_) COORD_TRY(begin(ctx));
  for (;;) {
    if (session_ && session_->lost())
      return fail(Code::lost, fmt::format("the name {} is lost", in_quotes(*options_->resume)));
    COORD_TRY_INTO(Delivery said, subscriber_->next(ctx));
    switch (said.kind) {
      case Delivery::Kind::message:
        return said;
      case Delivery::Kind::gap:
        COORD_TRY(tell_gap(said));
        return said;
      case Delivery::Kind::caught_up:
        if (bookmark_) COORD_TRY(keep(ctx, said.position));
        break;
      case Delivery::Kind::interrupted:
      case Delivery::Kind::resumed: {
        const bool away = said.kind == Delivery::Kind::interrupted;
        env_->note(fmt::format("coord: subscribe {}: {}", in_quotes(options_->topic),
                               away ? said.error.message : "goes on"));
      }
    }
  }
}

Result<> Subscription::tell_gap(const Delivery& gap) {
  const std::string text = fmt::format(
      "the revisions {} to {} are compacted: what was published in them and is not kept "
      "any more was missed",
      gap.gap_from, gap.gap_to);
  if (options_->strict) return fail(Code::compacted, text);
  env_->note(fmt::format("coord: subscribe {}: {}", in_quotes(options_->topic), text));
  return {};
}

Result<> Subscription::begin(const Context& ctx) {
  COORD_TRY_INTO(etcd::Client * client, env_->client());
  COORD_TRY_INTO(From from, parse_from(options_->from));
  if (options_->resume) {
    COORD_TRY_INTO(const auto position, take_name(ctx, *client));
    if (position) from = {.kind = From::Kind::position, .position = *position, .must_exist = true};
  }
  subscriber_.emplace(*client, options_->topic, from);
  auto begun =
      run::first_answer(*env_, "subscribe " + in_quotes(options_->topic), ctx,
                        [&](const Context& bounded) { return subscriber_->begin(bounded); });
  if (!begun) {
    subscriber_.reset();
    return std::unexpected(std::move(begun).error());
  }
  // Where it begins is kept at once: who stops before the first message goes on from there.
  return bookmark_ ? keep(ctx, begun->value_or(recipe::Position{})) : Result<>{};
}

Result<std::optional<recipe::Position>> Subscription::take_name(const Context& ctx,
                                                                etcd::Client& client) {
  const auto ttl = std::chrono::ceil<std::chrono::seconds>(options_->ttl);
  COORD_TRY_INTO(session_, run::first_answer(*env_, "subscribe " + in_quotes(options_->topic), ctx,
                                             [&](const Context& bounded) {
                                               return etcd::Session::open(client, bounded, ttl);
                                             }));
  HoldOptions hold;
  hold.note = options_->note;
  hold.own_lease = true;
  bookmark_.emplace(client, *session_, options_->topic, *options_->resume,
                    describe_us(hold, *env_));
  NameAwaited awaited(*options_);
  const run::WaitingLine line(*env_, client, awaited, [this] { return session_->lease(); });
  auto position = bookmark_->take(ctx);
  const bool in_line = !position && position.error().code == Code::timed_out &&
                       position.error().message.starts_with("waiting");
  if (!in_line) return position;
  return fail(Code::timed_out,
              "timed out: somebody else has the name " + in_quotes(*options_->resume));
}

Result<> Subscription::keep(const Context& ctx, const recipe::Position& position) {
  auto moved = bookmark_->move(ctx, position);
  if (moved) return {};
  return std::unexpected(
      in_context("the name " + in_quotes(*options_->resume), std::move(moved).error()));
}

Result<> Subscription::move(const Context& ctx, const recipe::Position& position) {
  if (!bookmark_) return {};
  auto kept = keep(ctx, position);
  if (kept) return {};
  return std::unexpected(about("subscribe", in_quotes(options_->topic), std::move(kept).error()));
}

}  // namespace coord::commands
