// coord wait COND…: blocks until all conditions hold at one revision.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct WaitOptions {
  std::vector<std::string> conditions;
  std::optional<Duration> timeout;
  bool nonblock = false;
  std::optional<std::string> conflict_status;
  bool show = false;
};

void define_wait(CLI::App& root, cli::Registry& registry);
Result<int> run_wait(const WaitOptions& options, cli::Env& env);

}  // namespace coord::commands
