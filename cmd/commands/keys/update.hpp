// coord update: reads a value, pipes it through a command, and writes it back if nobody changed it
// meanwhile; else once more, from the start.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/key_range.hpp"

namespace coord::commands {

struct UpdateOptions {
  KeyWords key;                   // first: KEY
  std::vector<std::string> keys;  // -k: FILTER gets one JSON object (update_values.hpp)
  bool create = false;
  bool chomp = false;
  std::int64_t attempts = 0;
};

void define_update(CLI::App& root, cli::Registry& registry);

// 0, or the status of a FILTER that failed. Values are stored byte for byte as FILTER writes them,
// on the lease that the key has; what it leaves as it is, is not written. Code::compare_failed when
// the attempts are used up, not_found for a missing key without --create.
Result<int> run_update(const UpdateOptions& options, cli::Env& env);

}  // namespace coord::commands
