#include "coord/etcd/transport.hpp"

#include <fmt/format.h>

#include "coord/etcd/error.hpp"

namespace coord::etcd {
namespace {

using namespace std::chrono_literals;

constexpr Duration kSlice = 2s;  // how long one of several endpoints may keep a repeatable request
constexpr Duration kPause = 50ms;  // before a request is sent again
constexpr int kNewTokens = 5;      // a member that lags does not know those of another one at once

std::chrono::system_clock::time_point wall(BootTime deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::system_clock::duration>(deadline - BootClock::now());
  return std::chrono::system_clock::now() + left;
}

void decorate(grpc::ClientContext& call, const Context& ctx, bool needs_leader) {
  if (ctx.has_deadline()) call.set_deadline(wall(ctx.deadline()));
  if (needs_leader) call.AddMetadata("hasleader", "true");
}

// What a failed attempt means for the next one.
enum class Verdict { give_up, again, again_elsewhere, again_with_new_token };

Verdict judge(const grpc::Status& status, const CallSpec& spec) {
  if (is_bad_token(status)) return Verdict::again_with_new_token;
  if (is_no_leader(status) || is_never_sent(status) || is_learner(status))
    return Verdict::again_elsewhere;
  if (is_unhealthy(status)) return Verdict::give_up;
  if (spec.repeat == Repeat::never) return Verdict::give_up;
  if (is_not_lessor(status)) return Verdict::again_elsewhere;
  const auto code = status.error_code();
  const bool passing =
      code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::DEADLINE_EXCEEDED;
  return passing ? Verdict::again_elsewhere : Verdict::give_up;
}

// A write that reached a server, or may have, and whose reply did not reach us.
bool is_lost_reply(const grpc::Status& status, const CallSpec& spec, Code code) {
  return spec.repeat == Repeat::never && code == Code::unavailable && !is_no_leader(status) &&
         !is_never_sent(status) && !is_unhealthy(status) && !is_learner(status);
}

Error judged(const grpc::Status& status, const CallSpec& spec, const std::string& endpoint) {
  Error error = to_error(status, spec.what, endpoint);
  if (is_lost_reply(status, spec, error.code)) {
    error.hint = "the reply was lost: look whether it was done before you repeat it";
    error.uncertain = true;
  }
  return error;
}

Error stopped(const CallSpec& spec) {
  Error error{Code::cancelled, fmt::format("{}: cancelled", spec.what), {}};
  error.uncertain = spec.repeat == Repeat::never;
  return error;
}

}  // namespace

Result<std::unique_ptr<Transport>> Transport::open(const Options& options) {
  if (options.endpoints.empty())
    return fail(Code::usage, "there is no endpoint", "give --endpoints HOST:PORT");
  COORD_TRY_INTO(const TlsMaterial tls, read_tls(options.tls));
  std::unique_ptr<Transport> transport(new Transport(options));
  for (const std::string& text : options.endpoints) {
    COORD_TRY_INTO(const Endpoint endpoint, parse_endpoint(text, options.tls));
    transport->doors_.push_back({endpoint, make_channel(endpoint, options, tls)});
  }
  return transport;
}

Transport::Line Transport::line(std::size_t index) const {
  return {index, doors_[index].channel, doors_[index].endpoint.text};
}

Result<Transport::Line> Transport::pick(const Context& ctx) {
  std::size_t preferred = 0;
  {
    const std::lock_guard lock(mutex_);
    preferred = preferred_;
    if (doors_[preferred].channel->GetState(false) == GRPC_CHANNEL_READY) {
      trouble_.reset();
      return line(preferred);
    }
  }
  auto found = dial(ctx, preferred);
  if (found) {
    const std::lock_guard lock(mutex_);
    preferred_ = found->index;
    trouble_.reset();
  }
  return found;
}

std::optional<Error> Transport::trouble() {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void Transport::set_trouble(std::optional<Error> trouble) {
  const std::lock_guard lock(mutex_);
  trouble_ = std::move(trouble);
}

void Transport::demote(std::size_t index) {
  const std::lock_guard lock(mutex_);
  if (preferred_ == index) preferred_ = (index + 1) % doors_.size();
}

Result<> Transport::run(const Context& ctx, const CallSpec& spec, const Attempt& attempt) {
  std::optional<Error> reason;  // the last one that says more than that the time is up
  std::optional<Error> no_leader;
  for (int new_tokens = 0;;) {
    const auto line = pick(ctx);
    if (!line) {  // that one of them has no leader tells more than that the others are away
      const bool away = line.error().code == Code::unavailable;
      return std::unexpected(away && no_leader ? *no_leader : line.error());
    }
    COORD_TRY_INTO(grpc::Status status, try_once(ctx, spec, *line, attempt));
    if (status.ok()) return {};
    if (ctx.stopped()) return std::unexpected(stopped(spec));
    if (status.error_code() == grpc::StatusCode::CANCELLED) {  // by the server, as it goes down
      status = grpc::Status(grpc::StatusCode::UNAVAILABLE, status.error_message());
    }
    const Error error = judged(status, spec, line->endpoint);
    if (is_no_leader(status)) no_leader = error;
    const Verdict verdict = judge(status, spec);
    const bool silent = status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
    if (silent || verdict == Verdict::again_elsewhere) demote(line->index);
    if (!silent || !reason || error.uncertain) reason = error;
    if (verdict == Verdict::give_up || ctx.expired()) return std::unexpected(*reason);
    if (verdict == Verdict::again_with_new_token) {
      if (++new_tokens > kNewTokens) return std::unexpected(error);
      drop_token();
      if (new_tokens > 1) ctx.sleep(new_tokens * kPause);
      continue;
    }
    ctx.sleep(kPause);
  }
}

Result<grpc::Status> Transport::try_once(const Context& ctx, const CallSpec& spec, const Line& line,
                                         const Attempt& attempt) {
  const bool may_move_on = spec.repeat == Repeat::safe && doors_.size() > 1;
  const Context bounded = may_move_on ? ctx.at_most(kSlice) : ctx;
  grpc::ClientContext call;
  COORD_TRY(add_token(call, ctx, spec.login));
  decorate(call, bounded, spec.needs_leader);
  const std::stop_callback cancel(ctx.stop(), [&call] { call.TryCancel(); });
  return attempt(line.channel, call);
}

Result<> Transport::prepare(grpc::ClientContext& call, const Context& ctx, bool needs_leader) {
  COORD_TRY(add_token(call, ctx, Login::needed));
  decorate(call, ctx, needs_leader);
  return {};
}

}  // namespace coord::etcd
