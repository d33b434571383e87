// coord status: how the cluster is, and how many locks, elections, queues … it holds.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/out/value.hpp"
#include "coord/recipe/census.hpp"
#include "coord/recipe/health.hpp"

namespace coord::commands {

void define_status(CLI::App& root, cli::Registry& registry);
Result<int> run_status(cli::Env& env);

// The answer. Without a census the keys could not be counted.
out::Record status_record(const recipe::Health& health, const Result<recipe::Census>& census);

}  // namespace coord::commands
