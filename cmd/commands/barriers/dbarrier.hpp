// coord dbarrier run|enter|leave|status NAME: so many begin together and end together.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/hold_options.hpp"

namespace coord::commands {

struct DbarrierOptions {
  std::string name;
  std::string count;
  HoldOptions hold;
};

struct DbarrierLeaveOptions {
  std::string name;
  std::string count;  // not needed
  std::optional<Duration> timeout;
};

struct DbarrierStatusOptions {
  std::string name;
  std::string count;  // what it is where no participant says so
};

void define_dbarrier(CLI::App& root, cli::Registry& registry);
Result<int> run_dbarrier_run(const DbarrierOptions& options, cli::Env& env);
// Inside of a session (COORD_SESSION) it returns when all are here; else it holds until a signal.
Result<int> run_dbarrier_enter(const DbarrierOptions& options, cli::Env& env);
Result<int> run_dbarrier_leave(const DbarrierLeaveOptions& options, cli::Env& env);
Result<int> run_dbarrier_status(const DbarrierStatusOptions& options, cli::Env& env);

// Code::usage where it is no number of participants.
Result<std::int64_t> count_from(const std::string& text);

}  // namespace coord::commands
