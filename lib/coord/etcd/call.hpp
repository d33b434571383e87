// Internal. call(): the one way to make a unary request. SENT, if given, is when the answered
// attempt went out.
#pragma once

#include "coord/etcd/transport.hpp"

namespace coord::etcd {

template <typename Stub, typename Request, typename Reply>
Result<Reply> call(Transport& transport, const Context& ctx, const CallSpec& spec,
                   grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*),
                   const Request& request, BootTime* sent = nullptr) {
  Reply reply;
  COORD_TRY(transport.run(ctx, spec, [&](const auto& channel, grpc::ClientContext& context) {
    reply.Clear();
    if (sent != nullptr) *sent = BootClock::now();
    Stub stub(channel);
    return (stub.*method)(&context, request, &reply);
  }));
  return reply;
}

}  // namespace coord::etcd
