// coord put: writes one key.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/key_range.hpp"

namespace coord::commands {

struct PutOptions {
  KeyWords keys;  // first: KEY, second: VALUE
  std::string lease;
  bool prev_kv = false;
  bool ignore_value = false;
  bool ignore_lease = false;
};

void define_put(CLI::App& root, cli::Registry& registry);
Result<int> run_put(const PutOptions& options, cli::Env& env);

}  // namespace coord::commands
