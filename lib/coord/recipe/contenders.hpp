// Contenders: who holds a lock (or leads an election) and who waits, for people who ask. Reads
// only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/recipe/holder_info.hpp"

namespace coord::recipe {

struct Contender {
  etcd::KeyValue kv;  // its key; the value is the metadata, or an election's proposal
  std::string name;   // the lock that the key belongs to; not the one asked for where names nest
  std::optional<HolderInfo> info;                // nothing for keys of Go programs
  std::optional<std::chrono::seconds> ttl_left;  // nothing when etcd would not tell
};

// All contenders of NAME in order: the first holds, the others wait. One round trip, and one more
// for each lease if WITH_TTL. Empty when it is free.
Result<std::vector<Contender>> contenders_of(etcd::Client& client, const Context& ctx,
                                             const std::string& name, bool with_ttl);

// Two locks of which one lies under the other, as 'a/b' under 'a': the keys of the inner one count
// as contenders for the outer one.
struct Nesting {
  std::string outer;
  std::string inner;
};

// A lock in use, of another lease than OWN_LEASE, that nests with one of NAMES; nothing if there is
// none, or too many keys to tell. One read, of keys only.
Result<std::optional<Nesting>> nesting_of(etcd::Client& client, const Context& ctx,
                                          const std::vector<std::string>& names,
                                          std::int64_t own_lease);

// Every lock and election of the store that is held, in byte order: keys whose last part is the
// lease that they hang on. Reads all keys, in pages.
Result<std::vector<std::string>> held_names(etcd::Client& client, const Context& ctx);

}  // namespace coord::recipe
