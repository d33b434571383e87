// coord resign NAME: whoever leads steps down, and the next in line leads.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/elections/election_words.hpp"

namespace coord::commands {

void define_resign(CLI::App& root, cli::Registry& registry);

// Exit status 1 when that candidate stands no more.
Result<int> run_resign(const CandidateOptions& options, cli::Env& env);

}  // namespace coord::commands
