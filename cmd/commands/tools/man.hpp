// coord __man SOURCES FOLDER: writes the pages of the manual (./dev man).
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct ManOptions {
  std::string sources;  // man/src: coord.1, coord-lock.1 …, coord-locking.7 …
  std::string folder;   // where coord.1, coord-lock.1 … go
};

void define_man(CLI::App& root, cli::Registry& registry);
// Code::bad_data when a command has no text, Code::os for files.
Result<int> run_man(const CLI::App& root, const ManOptions& options, cli::Env& env);

}  // namespace coord::commands
