// Who is asking: user and password are changed for a token, which goes with every request until the
// server refuses it.
#include "coord/etcd/call.hpp"
#include "coord/etcd/error.hpp"
#include "etcdserverpb/auth.grpc.pb.h"

namespace coord::etcd {

Result<> Transport::add_token(grpc::ClientContext& call, const Context& ctx) {
  if (options_.user.empty()) return {};
  const std::lock_guard lock(token_mutex_);
  if (!token_) {
    COORD_TRY_INTO(token_, authenticate(ctx));
  }
  if (!token_->empty()) call.AddMetadata("token", *token_);
  return {};
}

Result<std::string> Transport::authenticate(const Context& ctx) {
  etcdserverpb::AuthenticateRequest request;
  request.set_name(options_.user);
  request.set_password(options_.password);
  const CallSpec spec{
      .what = "authenticate", .repeat = Repeat::safe, .needs_leader = true, .authenticated = false};
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
