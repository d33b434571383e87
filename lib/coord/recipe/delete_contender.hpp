// delete_contender(): one transaction that deletes a contender's key, and with it the key that
// tells who stands behind a candidate (election.hpp), which only elections have. Whoever may not
// write that one has not put it either: then it goes without.
#pragma once

#include <string>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::recipe {

// TXN has the conditions, which say which key is meant, and whatever else is to be done. It must be
// repeatable. Whether they held. One round trip, or two.
Result<bool> delete_contender(etcd::Client& client, const Context& ctx, etcd::Txn txn,
                              const std::string& key);

}  // namespace coord::recipe
