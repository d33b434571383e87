// until_signal(): work that cleans up after itself when INT, TERM, HUP or QUIT come, for commands
// that wait and hold nothing of their own.
#pragma once

#include <functional>

#include "cmd/cli/env.hpp"

namespace coord::commands {

// Calls WORK in this thread with a context that those signals cancel. If one came and WORK
// has failed, the process dies of the first one; else the result is WORK's. To be called
// before any thread is made, so before env.client().
Result<int> until_signal(cli::Env& env, const std::function<Result<int>(const Context&)>& work);

}  // namespace coord::commands
