// coord rwlock read|write NAME [-- CMD…]: runs CMD while holding a lock that readers share and
// writers have alone.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/hold_options.hpp"
#include "coord/recipe/rwlock.hpp"

namespace coord::commands {

struct RwLockOptions {
  std::string name;
  recipe::Access access = recipe::Access::read;
  HoldOptions hold;
};

void define_rwlock(CLI::App& root, cli::Registry& registry);
Result<int> run_rwlock(const RwLockOptions& options, cli::Env& env);

}  // namespace coord::commands
