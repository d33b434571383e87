// A value that comes on stdin.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"

namespace coord::commands {

// Everything up to the end of stdin, the last newline included. On a terminal a note says that it
// waits for that. Code::os when stdin cannot be read.
Result<std::string> read_value(cli::Env& env);

}  // namespace coord::commands
