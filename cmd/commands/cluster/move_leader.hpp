// coord move-leader ID.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct MoveLeaderOptions {
  std::string id;
};

void define_move_leader(CLI::App& root, cli::Registry& registry);
// Finds the leader by itself: among the endpoints, else among the members' client URLs.
Result<int> run_move_leader(const MoveLeaderOptions& options, cli::Env& env);

}  // namespace coord::commands
