// TCP sockets: those that listen, and options.
#pragma once

#include <string>

#include "coord/base/result.hpp"
#include "coord/proc/fd.hpp"

namespace coord::proc {

// A listening socket at "HOST:PORT" ("[::1]:80", ":80" for all); port 0: a free one. Code::usage,
// os. The name lookup blocks.
Result<Fd> listen_at(const std::string& address);
std::string address_of(const Fd& socket);  // where it listens: "127.0.0.1:80"

// setsockopt(2), for options that are good to have: a refusal is passed over.
void set_option(const Fd& socket, int level, int option, int value);

}  // namespace coord::proc
