// coord snapshot save, status, restore.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct SnapshotOptions {
  std::string file;
};

void define_snapshot(CLI::App& root, cli::Registry& registry);

// Of one endpoint. FILE is whole and on the disk when this is done, and untouched when it is not.
Result<int> run_snapshot_save(const SnapshotOptions& options, cli::Env& env);
Result<int> run_snapshot_status(const SnapshotOptions& options, cli::Env& env);
// Says whose work it is.
Result<int> run_snapshot_restore(const SnapshotOptions& options, cli::Env& env);

}  // namespace coord::commands
