// A line of the first block of a transaction: TARGET("key") OPERATOR "value".
#pragma once

#include <string_view>

#include "coord/etcd/kv.hpp"

namespace coord::commands {

// TARGET is version (ver), create (c), mod (m), value (val) or lease; OPERATOR is = != < or >; key
// and value are quoted, numbers too; a lease is hex. Blanks around the parts do not matter.
// Code::bad_data.
Result<etcd::Compare> parse_compare(std::string_view line);

}  // namespace coord::commands
