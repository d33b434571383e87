// coord help [COMMAND]: what coord, or one of its commands, does.
#pragma once

#include <string>
#include <vector>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

void define_help(CLI::App& root, cli::Registry& registry);
// Code::usage when PATH ("lease", "grant") names no command of the tree.
Result<int> run_help(const CLI::App& root, const std::vector<std::string>& path, cli::Env& env);

}  // namespace coord::commands
