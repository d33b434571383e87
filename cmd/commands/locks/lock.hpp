// coord lock NAME… [-- CMD…]: runs CMD while holding a lock, or holds it until a signal.
#pragma once

#include <string>
#include <vector>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/hold_options.hpp"

namespace coord::commands {

struct LockOptions {
  std::vector<std::string> names;
  HoldOptions hold;
};

void define_lock(CLI::App& root, cli::Registry& registry);
Result<int> run_lock(const LockOptions& options, cli::Env& env);

}  // namespace coord::commands
