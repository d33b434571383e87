// coord export: the keys of a prefix at one revision, a JSON object a line, for `import`.
#pragma once

#include <cstdint>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct ExportOptions {
  std::string prefix;
  std::int64_t revision = 0;  // 0: now
};

void define_export(CLI::App& root, cli::Registry& registry);
Result<int> run_export(const ExportOptions& options, cli::Env& env);

}  // namespace coord::commands
