// coord unlock --force NAME: an operator breaks a lock by revoking its holder's lease.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct UnlockOptions {
  std::string name;
  bool force = false;
  bool yes = false;
};

void define_unlock(CLI::App& root, cli::Registry& registry);
Result<int> run_unlock(const UnlockOptions& options, cli::Env& env);

}  // namespace coord::commands
