// __complete: what the completion of a shell calls (completions/). Hidden.
#pragma once

#include <string>
#include <vector>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct CompleteOptions {
  std::string shell;               // bash, bash-list (with descriptions), zsh or fish
  std::string at;                  // which of the words the cursor is in, from 0
  std::vector<std::string> words;  // of the line, without the program's name; of bash as they stand
                                   // there, quotes and all
};

void define_complete(CLI::App& root, cli::Registry& registry);

// Prints a line for each candidate, for zsh and fish "WORD\tDESCRIPTION"; then what else is to be
// done: ":words" nothing, ":files" or ":folders" names of files too, ":command N" what the shell
// knows about the command line that begins at word N. Whatever is wrong: says nothing, exits 0, and
// takes no longer than 300 ms.
Result<int> run_complete(const CLI::App& root, const cli::Registry& registry,
                         const CompleteOptions& options, cli::Env& env);

}  // namespace coord::commands
