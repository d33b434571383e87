// The password that a user is to have.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"

namespace coord::commands {

// INTERACTIVE: asked for on the terminal, twice, without echo. Else the first line of stdin.
// Code::usage for an empty one, for two that differ, and where there is no terminal.
Result<std::string> new_password(cli::Env& env, const std::string& user, bool interactive);

}  // namespace coord::commands
