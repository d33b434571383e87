// coord sem NAME -j N [-- CMD…]: runs CMD while holding one of N slots, or several.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/hold_options.hpp"

namespace coord::commands {

struct SemOptions {
  std::string name;
  std::optional<std::int64_t> slots;
  std::int64_t weight = 1;
  HoldOptions hold;
};

void define_sem(CLI::App& root, cli::Registry& registry);
Result<int> run_sem(const SemOptions& options, cli::Env& env);

}  // namespace coord::commands
