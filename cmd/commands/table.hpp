// The one table of commands. To add one: a file with its define_x() and run_x(), and a line here.
#pragma once

#include <span>

#include "cmd/cli/registry.hpp"

namespace coord::commands {

std::span<const cli::Definition> table();

}  // namespace coord::commands
