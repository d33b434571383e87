// coord local: a private etcd of one member, the one that is installed, on a Unix socket that only
// this user can reach. `start`, `stop` and `status` look after a lasting one, which the other
// commands find by themselves; `run` makes one that lives as long as a command.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

void define_local(CLI::App& root, cli::Registry& registry);

// Prints the endpoint once etcd answers; does nothing else where it runs already. Blocks for 10 s
// at the most. Code::unavailable: no etcd is installed, or it does not start, with its own words.
Result<int> run_local_start(cli::Env& env);

// TERM, and KILL after 10 s. Code::not_found when it does not run.
Result<int> run_local_stop(cli::Env& env);

// 0 and where it is, or 1. Code::unavailable when it runs and does not answer.
Result<int> run_local_status(cli::Env& env);

// CMD's own status; without CMD until a signal. Nothing of that etcd is left afterwards.
Result<int> run_local_run(cli::Env& env);

}  // namespace coord::commands
