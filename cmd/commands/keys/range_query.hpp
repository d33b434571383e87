// From the words of `get` to one request, or to pages of one.
#pragma once

#include "cmd/commands/keys/get.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::commands {

// Code::usage for words that etcd has no request for.
Result<etcd::RangeRequest> range_query(const GetOptions& options);

// May it be fetched in pages? Only in key order, and not where the server filters: it would go
// through all keys for each page.
bool can_page(const etcd::RangeRequest& request);

}  // namespace coord::commands
