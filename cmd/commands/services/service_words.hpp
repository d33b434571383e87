// The words that `register`, `discover` and `proxy` share: which service, in which layout.
#pragma once

#include <string>

#include "cmd/cli/cli11.hpp"
#include "coord/recipe/instance.hpp"

namespace coord::commands {

struct ServiceWords {
  std::string name;
  std::string layout = "endpoints";
  std::string prefix;
};

void add_service_options(CLI::App& app, ServiceWords& words);

// Code::usage.
Result<recipe::Service> service_of(const ServiceWords& words);

}  // namespace coord::commands
