// Sockets that listen for TCP connections.
#pragma once

#include <string>

#include "coord/base/result.hpp"
#include "coord/proc/fd.hpp"

namespace coord::proc {

// A listening socket at "HOST:PORT" ("[::1]:80", ":80" for all); port 0: a free one. Code::usage,
// os. The name lookup blocks.
Result<Fd> listen_at(const std::string& address);
std::string address_of(const Fd& socket);  // where it listens: "127.0.0.1:80"

}  // namespace coord::proc
