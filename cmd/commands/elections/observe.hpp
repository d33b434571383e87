// coord observe NAME [-- CMD…]: follows who leads. Also `elect --listen NAME`.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct ObserveOptions {
  std::string name;
  bool as_etcdctl = false;  // etcdctl's bytes and exit status; it is silent while nobody leads
};

void define_observe(CLI::App& root, cli::Registry& registry);

// Ends by a signal, or with an error: Code::unavailable when etcd was not reached in the first
// place; an outage later on is told once, and waited for; denied, output.
Result<int> run_observe(const ObserveOptions& options, cli::Env& env);

}  // namespace coord::commands
