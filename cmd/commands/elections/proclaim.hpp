// coord proclaim NAME VALUE: whoever leads changes what it stands for, and goes on leading.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/elections/election_words.hpp"

namespace coord::commands {

struct ProclaimOptions {
  CandidateOptions candidate;
  std::string value;
};

void define_proclaim(CLI::App& root, cli::Registry& registry);

// Exit status 1 when that candidate stands no more.
Result<int> run_proclaim(const ProclaimOptions& options, cli::Env& env);

}  // namespace coord::commands
