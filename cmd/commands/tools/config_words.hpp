// What the commands of `config` share.
#pragma once

#include <string>

namespace coord::commands {

// The process's own variable; null when it is not set.
const char* process_environment(const std::string& name);

}  // namespace coord::commands
