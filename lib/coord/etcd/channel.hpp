// Internal. One gRPC channel for one endpoint: credentials, limits, keepalive.
#pragma once

#include <grpcpp/channel.h>

#include <memory>

#include "coord/etcd/options.hpp"
#include "coord/etcd/tls_material.hpp"

namespace coord::etcd {

std::shared_ptr<grpc::Channel> make_channel(const Endpoint& endpoint, const Options& options,
                                            const TlsMaterial& tls);

}  // namespace coord::etcd
