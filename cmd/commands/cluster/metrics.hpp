// One number of what a server of etcd says of itself under /metrics.
#pragma once

#include <string>

#include "coord/base/context.hpp"
#include "coord/etcd/options.hpp"

namespace coord::commands {

// Over plain HTTP: Code::unavailable when the endpoint does not answer so, Code::bad_data for one
// with TLS.
Result<double> read_metric(const Context& ctx, const etcd::Options& options,
                           const std::string& endpoint, const std::string& name);

}  // namespace coord::commands
