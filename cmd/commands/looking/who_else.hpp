// `coord who NAME` where NAME is no lock and no election: what the command of that kind shows.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/cli/env.hpp"
#include "coord/recipe/contenders.hpp"

namespace coord::commands {

// Shows it, and tells with which status to exit, if the keys below NAME (LINE, in order) or the key
// NAME itself are a barrier's, a double barrier's or a queue's. Nothing where they are not: any key
// below a lock's name stands in its way, whatever it is for.
Result<std::optional<int>> show_who_else(const std::string& name,
                                         const std::vector<recipe::Contender>& line, cli::Env& env);

}  // namespace coord::commands
