// coord dbarrier run|enter|leave|status NAME: so many begin together and end together.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/hold_options.hpp"

namespace coord::commands {

struct DbarrierOptions {
  std::string name;
  std::string count;
  HoldOptions hold;
};

struct DbarrierLeaveOptions {
  std::string name;
  std::optional<Duration> timeout;
};

void define_dbarrier(CLI::App& root, cli::Registry& registry);
Result<int> run_dbarrier_run(const DbarrierOptions& options, cli::Env& env);
// Inside of a session (COORD_SESSION) it returns when all are here; else it holds until a signal.
Result<int> run_dbarrier_enter(const DbarrierOptions& options, cli::Env& env);
Result<int> run_dbarrier_leave(const DbarrierLeaveOptions& options, cli::Env& env);
Result<int> run_dbarrier_status(const std::string& name, cli::Env& env);

}  // namespace coord::commands
