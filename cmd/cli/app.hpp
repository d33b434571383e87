// The program: builds the tree of words, reads the command line, runs one command, and says in one
// place what went wrong.
#pragma once

#include <span>

#include "cmd/cli/registry.hpp"

namespace coord::cli {

// The exit status. COMMANDS is the order of the help.
int run_app(std::span<const Definition> commands, int argc, const char* const* argv);

}  // namespace coord::cli
