// coord alarm list, disarm.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

void define_alarm(CLI::App& root, cli::Registry& registry);

Result<int> run_alarm_list(cli::Env& env);
// All that are raised, one after the other; shows those that were.
Result<int> run_alarm_disarm(cli::Env& env);

}  // namespace coord::commands
