// coord auth enable, disable, status.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

void define_auth(CLI::App& root, cli::Registry& registry);

// Makes the role root, and gives it to the user root, where that is missing.
Result<int> run_auth_enable(cli::Env& env);
Result<int> run_auth_disable(cli::Env& env);
Result<int> run_auth_status(cli::Env& env);

}  // namespace coord::commands
