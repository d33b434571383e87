// A line of the second or third block of a transaction: get, put or del with the words and options
// of the command of that name.
#pragma once

#include <string_view>

#include "coord/etcd/kv.hpp"

namespace coord::commands {

// Code::bad_data. A put must have its VALUE: there is no stdin to take it from.
Result<etcd::Op> parse_request(std::string_view line);

}  // namespace coord::commands
