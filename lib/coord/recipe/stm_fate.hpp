// Internal. What became of a commit whose reply was lost, and that can no longer succeed.
#pragma once

#include "coord/recipe/stm.hpp"

namespace coord::recipe {

// True: it was certainly not done. False: it was, or somebody wrote just the same, or the history
// does not tell. Reads the written keys and, where one has changed that the commit was guarded by,
// its first change since it was read; those of all keys together, if they are ours. Blocks within
// CTX.
bool was_not_done(etcd::Client& client, const Context& ctx, const Stm& attempt);

}  // namespace coord::recipe
