// coord options: the options that every command has.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

void define_options(CLI::App& root, cli::Registry& registry);

}  // namespace coord::commands
