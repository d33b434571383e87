// first_answer(): the first request of a command that goes on for long.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

#include "cmd/cli/env.hpp"
#include "coord/base/context.hpp"
#include "coord/recipe/patience.hpp"

namespace coord::run {

// Where CTX has no deadline it fails soon when etcd is away: Code::unavailable. Under --timeout
// etcd may come until then, and Code::timed_out says why it was too late; that it is waited for is
// told once. WHAT opens that line: the command and its object.
template <typename Request>
auto first_answer(cli::Env& env, const std::string& what, const Context& ctx,
                  const Request& request) -> decltype(request(ctx)) {
  if (!ctx.has_deadline()) return request(ctx.at_most(env.globals().command_timeout));
  bool told = false;
  return recipe::as_late(recipe::patiently(ctx, [&](const Context& bounded) {
    auto once = request(bounded);
    const bool away = !once && once.error().code == Code::unavailable;
    if (away && !ctx.stopped() && !ctx.expired() && !std::exchange(told, true))
      env.note(fmt::format("coord: {}: {}; trying again", what, once.error().message));
    return once;
  }));
}

}  // namespace coord::run
