// Internal. What TLS needs of files, read and looked at before anything is dialled: gRPC says of a
// bad one no more than that there is no connection.
#pragma once

#include <string>

#include "coord/base/result.hpp"
#include "coord/etcd/options.hpp"

namespace coord::etcd {

struct TlsMaterial {
  std::string ca;
  std::string cert;
  std::string key;
};

// The contents of the files that OPTIONS name. Code::config when one cannot be read, is not what it
// should be, or does not belong to the other.
Result<TlsMaterial> read_tls(const TlsOptions& options);

}  // namespace coord::etcd
