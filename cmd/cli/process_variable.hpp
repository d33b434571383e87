// The one place that asks for a variable of our own environment: nobody changes any while there
// are threads. All of them, for a child, are in proc::Environment.
#pragma once

#include <string>

namespace coord::cli {

// Null: it is not set. An Environment (settings.hpp).
const char* process_variable(const std::string& name);

// Empty also where it is not set.
std::string variable_text(const std::string& name);

}  // namespace coord::cli
