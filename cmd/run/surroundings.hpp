// What CMD finds around it: its environment, its signals; and what is printed where there is no
// CMD.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/run/acquirer.hpp"
#include "coord/proc/child.hpp"
#include "coord/proc/environment.hpp"

namespace coord::run {

// Our environment with the connection in it, for a child of ours.
Result<proc::Environment> child_environment(cli::Env& env, bool pass_credentials);

// CMD as the plan has it, with the connection and what is held in its environment, set over what
// was inherited, so that a nested coord sees the inner lock. Errors of the connection's settings.
Result<proc::ChildSpec> command_spec(const Plan& plan, cli::Env& env, const proc::Signals& signals,
                                     const Taken& taken);

// Why CMD did not start, as an error with the right exit status (126, 127 or 71).
Error start_failure(const proc::StartError& failure);

// What etcdctl prints when it holds a lock: each key and its (for Go empty) value. Code::output.
Result<> show_held(cli::Env& env, const std::vector<recipe::Held>& held);

// Gives back whatever hangs on the session's lease. When etcd does not answer within CTX, says so:
// it ends by itself.
void close_session(cli::Env& env, const Plan& plan, etcd::Client& client, etcd::Session& session,
                   const Context& ctx);

}  // namespace coord::run
