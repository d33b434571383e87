// The terminal that the user sits at, if there is one.
#pragma once

#include <string>

#include "coord/base/result.hpp"

namespace coord::cli {

// Asks on /dev/tty, whatever stdin and stdout are, with the echo off. Code::usage when there is no
// terminal to ask on. A signal that ends the process while it waits finds the echo on again.
Result<std::string> ask_secret(const std::string& prompt);

// The same with the echo on, for a question whose answer is no secret. Code::usage when there is no
// terminal to ask on.
Result<std::string> ask_line(const std::string& prompt);

}  // namespace coord::cli
