// coord elect NAME VALUE [-- CMD…]: leads an election while CMD runs, or until a signal.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/hold_options.hpp"

namespace coord::commands {

struct ElectOptions {
  std::string name;
  std::optional<std::string> value;
  bool listen = false;
  bool requeue = false;
  HoldOptions hold;
};

void define_elect(CLI::App& root, cli::Registry& registry);
Result<int> run_elect(const ElectOptions& options, cli::Env& env);

}  // namespace coord::commands
