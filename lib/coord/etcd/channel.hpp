// Internal. One gRPC channel for one endpoint: credentials, limits, keepalive.
#pragma once

#include <grpcpp/channel.h>

#include <memory>

#include "coord/etcd/options.hpp"

namespace coord::etcd {

struct TlsMaterial {
  std::string ca;
  std::string cert;
  std::string key;
};

// The contents of the files that OPTIONS name. Code::config when one cannot be read, is no PEM, or
// stands alone.
Result<TlsMaterial> read_tls(const TlsOptions& options);

std::shared_ptr<grpc::Channel> make_channel(const Endpoint& endpoint, const Options& options,
                                            const TlsMaterial& tls);

}  // namespace coord::etcd
