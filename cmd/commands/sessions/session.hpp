// session: one lease for a whole script. `session -- CMD` keeps it while CMD runs, and stops CMD
// when it is lost; start, stop and list are for scripts that cannot be wrapped.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/hold_options.hpp"

namespace coord::commands {

struct SessionStartOptions {
  HoldOptions hold;
  bool detach = false;  // do not end with the shell that called us
};

void define_session(CLI::App& root, cli::Registry& registry);

Result<int> run_session(const HoldOptions& options, cli::Env& env);
Result<int> run_session_start(const SessionStartOptions& options, cli::Env& env);
Result<int> run_session_stop(cli::Env& env);
Result<int> run_session_list(cli::Env& env);

}  // namespace coord::commands
