// The rule for all names of the command line.
#pragma once

#include <string>

#include "coord/base/result.hpp"

namespace coord::commands {

// Code::usage for an empty one. WHAT is "a lock".
Result<> check_name(const std::string& what, const std::string& name);

}  // namespace coord::commands
