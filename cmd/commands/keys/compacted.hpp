// An old revision that cannot be read any more, in words.
#pragma once

#include <cstdint>
#include <string>

#include "coord/base/context.hpp"
#include "coord/etcd/client.hpp"

namespace coord::commands {

// ERROR, and if it is Code::compacted the oldest revision that is left as its hint. KEY is one that
// the user may read. Asks etcd, within CTX.
Error with_oldest(etcd::Client& client, const Context& ctx, const std::string& key, Error error);

// Code::usage for what is no revision of the past.
Result<> check_revision(const char* option, std::int64_t revision);

}  // namespace coord::commands
