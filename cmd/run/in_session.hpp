// take_in_session(): what `lock` and its relatives do inside of a session (COORD_SESSION) when they
// have no CMD: take it under the session's lease, print it, and return. The session's own holder
// keeps the lease alive, and everything that hangs on it ends with it.
//
// One process, no guardian: nothing runs here that would have to be stopped.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/run/plan.hpp"

namespace coord::run {

// The exit status; or it ends this process by the signal that ended the wait, with the own place in
// line given back. PLAN has a lease. Code::lost when the session is over.
Result<int> take_in_session(Plan plan, cli::Env& env);

}  // namespace coord::run
