// Contenders: who holds a lock, a rwlock or a semaphore (or leads an election) and who waits, for
// people who ask. Reads only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/base/layout.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/recipe/holder_info.hpp"
#include "coord/recipe/share.hpp"

namespace coord::recipe {

struct Contender {
  etcd::KeyValue kv;  // its key; the value is the metadata, or an election's proposal
  std::string name;   // the lock that the key belongs to; not the one asked for where names nest
  std::optional<HolderInfo> info;                // nothing for keys of Go programs
  std::optional<std::string> proposal;           // of a candidate in an election; nothing: a lock
  std::optional<std::chrono::seconds> ttl_left;  // nothing when etcd would not tell
  std::optional<layout::Access> access;          // of a rwlock's key
  Share share;                                   // one of one slot for all but semaphores
  bool holds = false;

  bool is_of_semaphore() const { return info && info->slots > 0; }
};

// All contenders of NAME in order. The first holds; with a rwlock or a semaphore others may hold
// too, as far as the keys tell: Go's readers do not heed a lock that is before them. One round
// trip, one more where it is an election, and one for each lease if WITH_TTL. Empty when it is
// free. A value that is no HolderInfo is a proposal; so is one where coord has put the candidate's
// HolderInfo elsewhere (election.hpp). An election of Go programs with empty proposals looks like a
// lock.
Result<std::vector<Contender>> contenders_of(etcd::Client& client, const Context& ctx,
                                             const std::string& name, bool with_ttl);

// Did KEY, one of the store's at REVISION and of layout::may_hold(), hold then, and not only wait?
// By the same rules. One round trip. Code::compacted, denied, unavailable.
Result<bool> held_at(etcd::Client& client, const Context& ctx, const std::string& key,
                     std::int64_t revision);

// Every lock, semaphore and election of the store that is held, and every rwlock, in byte order:
// keys whose last part is the lease that they hang on, and leased ones of a rwlock's shape. Reads
// all keys, in pages, each within a few seconds.
Result<std::vector<std::string>> held_names(etcd::Client& client, const Context& ctx);

}  // namespace coord::recipe
