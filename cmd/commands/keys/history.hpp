// coord history: every stored version of a key, newest first.
#pragma once

#include <cstdint>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/key_range.hpp"

namespace coord::commands {

struct HistoryCommandOptions {
  KeyWords key;            // first: KEY
  std::int64_t limit = 0;  // 0: all
  bool diff = false;
};

void define_history(CLI::App& root, cli::Registry& registry);

// 0; Code::not_found when no version is stored.
Result<int> run_history(const HistoryCommandOptions& options, cli::Env& env);

}  // namespace coord::commands
