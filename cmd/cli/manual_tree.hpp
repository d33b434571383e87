// What the tree of words says of itself in the manual, as mdoc.
#pragma once

#include <string>

#include "cmd/cli/cli11.hpp"

namespace coord::cli {

// The forms in which a command can be called, its own and those of the commands below it.
std::string manual_forms(const CLI::App& app);
// Sections; empty where there is nothing to say.
std::string manual_options(const CLI::App& app);
std::string manual_commands(const CLI::App& app);   // those below it, with their options
std::string manual_overview(const CLI::App& root);  // all commands by their groups
std::string manual_environment(const CLI::App& app);

}  // namespace coord::cli
