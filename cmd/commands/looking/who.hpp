// coord who [NAME]: who holds a lock and who waits for it.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct WhoOptions {
  std::optional<std::string> name;
};

void define_who(CLI::App& root, cli::Registry& registry);
Result<int> run_who(const WhoOptions& options, cli::Env& env);

}  // namespace coord::commands
