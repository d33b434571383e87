#include "cmd/cli/process_variable.hpp"

#include <cstdlib>

namespace coord::cli {

const char* process_variable(const std::string& name) {
  return std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): see the header
}

std::string variable_text(const std::string& name) {
  const char* const value = process_variable(name);
  return value == nullptr ? "" : value;
}

}  // namespace coord::cli
