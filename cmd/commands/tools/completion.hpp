// completion: what makes a shell complete coord's words; the files of completions/, which packages
// install as well.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

void define_completion(CLI::App& root, cli::Registry& registry);
struct CompletionOptions {
  std::string shell;
  bool no_descriptions = false;
};

// Code::usage for a SHELL that there is nothing for.
Result<int> run_completion(const CompletionOptions& options, cli::Env& env);

}  // namespace coord::commands
