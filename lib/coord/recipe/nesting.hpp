// Nesting: names of locks that block each other because one lies under the other. Reads only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/client.hpp"

namespace coord::recipe {

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

}  // namespace coord::recipe
