// completion: what makes a shell complete coord's words; the files of completions/, which packages
// install as well.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

void define_completion(CLI::App& root, cli::Registry& registry);
// Code::usage for a SHELL that there is nothing for.
Result<int> run_completion(const std::string& shell, cli::Env& env);

}  // namespace coord::commands
