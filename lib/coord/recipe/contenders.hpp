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
  std::optional<std::string> proposal;           // of a candidate in an election; nothing: a lock
  std::optional<std::chrono::seconds> ttl_left;  // nothing when etcd would not tell
};

// All contenders of NAME in order: the first holds, the others wait. One round trip, one more where
// it is an election, and one for each lease if WITH_TTL. Empty when it is free. A value that is no
// HolderInfo is a proposal; so is one where coord has put the candidate's HolderInfo elsewhere
// (election.hpp). An election of Go programs with empty proposals looks like a lock.
Result<std::vector<Contender>> contenders_of(etcd::Client& client, const Context& ctx,
                                             const std::string& name, bool with_ttl);

// Every lock and election of the store that is held, in byte order: keys whose last part is the
// lease that they hang on. Reads all keys, in pages.
Result<std::vector<std::string>> held_names(etcd::Client& client, const Context& ctx);

}  // namespace coord::recipe
