// coord describe: all that is known of one key.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/key_range.hpp"

namespace coord::commands {

struct DescribeOptions {
  KeyWords key;  // first: KEY
};

void define_describe(CLI::App& root, cli::Registry& registry);

// 0; Code::not_found when there is no such key.
Result<int> run_describe(const DescribeOptions& options, cli::Env& env);

}  // namespace coord::commands
