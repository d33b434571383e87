// coord endpoint health, status, hashkv.
#pragma once

#include <cstdint>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct EndpointOptions {
  bool cluster = false;
  std::int64_t revision = 0;  // of hashkv; 0: the present one
};

void define_endpoint(CLI::App& root, cli::Registry& registry);

// All ask the members at the same time and show those that answered in the order of the endpoints;
// the exit status is that of the last one which did not.
Result<int> run_endpoint_health(const EndpointOptions& options, cli::Env& env);
Result<int> run_endpoint_status(const EndpointOptions& options, cli::Env& env);
Result<int> run_endpoint_hashkv(const EndpointOptions& options, cli::Env& env);

}  // namespace coord::commands
