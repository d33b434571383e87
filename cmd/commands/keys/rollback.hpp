// coord rollback: brings a key or a prefix back to what it was at an older revision.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/key_range.hpp"
#include "coord/recipe/range_diff.hpp"

namespace coord::commands {

struct RollbackOptions {
  KeyWords key;                       // first: KEY
  std::optional<std::string> prefix;  // instead of KEY
  std::optional<std::int64_t> revision;
  std::int64_t max_txn_ops = 128;
  bool dry_run = false;
  bool yes = false;
};

void define_rollback(CLI::App& root, cli::Registry& registry);
Result<recipe::DiffRange> rollback_range(const RollbackOptions& options);  // Code::usage

// 0, also when all is as it was. 1 when the user said no. Code::compare_failed: somebody changed a
// key meanwhile.
Result<int> run_rollback(const RollbackOptions& options, cli::Env& env);

}  // namespace coord::commands
