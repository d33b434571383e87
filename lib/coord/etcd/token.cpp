// Who is asking: user and password are changed for a token, which goes with every request until the
// server refuses it.
#include "coord/etcd/call.hpp"
#include "coord/etcd/error.hpp"
#include "etcdserverpb/auth.grpc.pb.h"

namespace coord::etcd {

namespace {

constexpr Duration kLimit = std::chrono::seconds{3};  // for callers that set no deadline

}  // namespace

Result<> Transport::add_token(grpc::ClientContext& call, const Context& ctx, Login login) {
  if (options_.user.empty() || login == Login::none) return {};
  if (login == Login::once) {
    const std::lock_guard lock(token_mutex_);
    if (token_ && !token_->empty()) call.AddMetadata("token", *token_);
    if (logged_in_) return {};
  }
  COORD_TRY_INTO(const std::string token,
                 token_for(ctx.has_deadline() ? ctx : ctx.at_most(kLimit)));
  if (!token.empty()) call.AddMetadata("token", token);
  return {};
}

// One thread asks, without the lock; the others wait for it within their own contexts, and one of
// them asks next when it has failed.
Result<std::string> Transport::token_for(const Context& ctx) {
  std::unique_lock lock(token_mutex_);
  const auto can_go_on = [this] { return token_ || !token_wanted_; };
  if (!token_changed_.wait_until(lock, ctx.stop(), ctx.deadline(), can_go_on)) {
    const std::string what = "user '" + options_.user + "': authenticate: ";
    if (ctx.stopped()) return fail(Code::cancelled, what + "cancelled");
    return fail(Code::unavailable, what + "no answer from etcd",
                "'coord endpoint health' tells more");
  }
  if (token_) return *token_;
  token_wanted_ = true;
  lock.unlock();
  auto token = authenticate(ctx);
  lock.lock();
  token_wanted_ = false;
  if (token) token_ = *token;
  if (token) logged_in_ = true;
  token_changed_.notify_all();
  return token;
}

Result<std::string> Transport::authenticate(const Context& ctx) {
  etcdserverpb::AuthenticateRequest request;
  request.set_name(options_.user);
  request.set_password(options_.password);
  const CallSpec spec{
      .what = "authenticate", .repeat = Repeat::safe, .needs_leader = true, .login = Login::none};
  auto reply = call(*this, ctx, spec, &etcdserverpb::Auth::Stub::Authenticate, request);
  if (reply) return reply->token();
  if (reply.error().message.find("authentication is not enabled") != std::string::npos)
    return std::string{};
  return std::unexpected(in_context("user '" + options_.user + "'", reply.error()));
}

void Transport::drop_token() {
  const std::lock_guard lock(token_mutex_);
  token_.reset();
}

}  // namespace coord::etcd
