// coord version: what this build is called.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

void define_version(CLI::App& root, cli::Registry& registry);
Result<int> run_version(cli::Env& env);

}  // namespace coord::commands
