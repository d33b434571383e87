// coord compaction REVISION.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct CompactionOptions {
  std::string revision;
  bool physical = false;
};

void define_compaction(CLI::App& root, cli::Registry& registry);
Result<int> run_compaction(const CompactionOptions& options, cli::Env& env);

}  // namespace coord::commands
