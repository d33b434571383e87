// give_back(): what a lease holds, or waits for, of one name, taken back while the lease lives on.
//
// One transaction reads the keys of NAME that hang on LEASE and are named as those of a lock, a
// semaphore, an election or a rwlock are (layout.hpp); a transaction deletes each whose create
// revision is still the one that was read (of a candidate its holder too), and touches the
// session's own key, so that the session's holder sees that it went in order (belongings.hpp).
// Repeating it is harmless. A wait for one of these keys by another process of the same session
// ends with Code::lost.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/client.hpp"
#include "coord/etcd/types.hpp"

namespace coord::recipe {

// The keys that LEASE has for NAME, without their values. One round trip.
Result<std::vector<etcd::KeyValue>> keys_of(etcd::Client& client, const Context& ctx,
                                            const std::string& name, std::int64_t lease);

// All but those that are KEPT. How many there were. Blocks within CTX; Code::unavailable, denied,
// timed_out, cancelled.
Result<std::size_t> give_back(etcd::Client& client, const Context& ctx, const std::string& name,
                              std::int64_t lease, const std::set<std::string>& kept = {});

// One such key, as it was read. No error when it is gone, or was made anew meanwhile.
Result<> let_go(etcd::Client& client, const Context& ctx, const etcd::KeyValue& kv);

}  // namespace coord::recipe
