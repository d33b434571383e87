// patiently(): a request that is made again until etcd answers it, for waits that must survive an
// outage.
#pragma once

#include "coord/base/context.hpp"

namespace coord::recipe {

inline constexpr Duration kRequestLimit = std::chrono::seconds{5};
inline constexpr Duration kRequestPause = std::chrono::milliseconds{200};

// Calls REQUEST(bounded context) until it succeeds or fails for another reason than
// Code::unavailable. When CTX ends the error is cancelled or timed_out, with what was wrong with
// etcd in its message.
template <typename Request>
auto patiently(const Context& ctx, const Request& request) -> decltype(request(ctx)) {
  for (;;) {
    auto reply = request(ctx.at_most(kRequestLimit));
    if (reply || reply.error().code != Code::unavailable) return reply;
    if (!ctx.stopped() && !ctx.expired()) ctx.sleep(kRequestPause);
    if (ctx.stopped()) return fail(Code::cancelled, reply.error().message, reply.error().hint);
    if (ctx.expired()) return fail(Code::timed_out, reply.error().message, reply.error().hint);
  }
}

// For people: it was the time that ran out, and why it was not enough.
template <typename Reply>
Result<Reply> as_late(Result<Reply> reply) {
  if (reply || reply.error().code != Code::timed_out) return reply;
  return std::unexpected(in_context("timed out", std::move(reply).error()));
}

// The same for who WAITS. Whoever does not asks once, in the time of one request.
template <typename Request>
auto patiently_if(bool waits, const Context& ctx, const Request& request)
    -> decltype(request(ctx)) {
  return waits ? patiently(ctx, request) : request(ctx.at_most(kRequestLimit));
}

}  // namespace coord::recipe
