// dbarrier enter and leave inside of a session: the place hangs on the session's lease, and both
// return at once when they are done.
#pragma once

#include <cstdint>

#include "cmd/cli/env.hpp"
#include "cmd/run/plan.hpp"

namespace coord::commands {

// PLAN's claim is a DbarrierClaim.
Result<int> enter_in_session(const run::Plan& plan, std::int64_t lease, cli::Env& env);

}  // namespace coord::commands
