// coord defrag.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct DefragOptions {
  bool cluster = false;
  std::optional<std::string> data_dir;
};

void define_defrag(CLI::App& root, cli::Registry& registry);
// One member after the other, since each serves nothing meanwhile. One that fails does not keep the
// next ones from their turn.
Result<int> run_defrag(const DefragOptions& options, cli::Env& env);

}  // namespace coord::commands
