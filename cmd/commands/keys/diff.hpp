// coord diff: what changed in a prefix between two revisions.
#pragma once

#include <string>
#include <vector>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "coord/recipe/range_diff.hpp"

namespace coord::commands {

struct DiffOptions {
  std::string prefix;
  std::vector<std::string> revisions;  // --rev, once or twice
  bool keys_only = false;
};

void define_diff(CLI::App& root, cli::Registry& registry);
Result<recipe::DiffRange> diff_range(const DiffOptions& options);  // Code::usage

// As diff(1): 0 when there is no difference, 1 when there is.
Result<int> run_diff(const DiffOptions& options, cli::Env& env);

}  // namespace coord::commands
