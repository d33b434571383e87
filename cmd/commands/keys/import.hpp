// coord import: writes the keys that `export` has printed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct ImportOptions {
  std::string file;                        // "-": stdin
  std::string prefix;                      // only keys that begin with it
  std::optional<std::string> dest_prefix;  // goes in its place
  std::int64_t resume = 1;                 // the first line that is looked at
  std::int64_t max_txn_ops = 128;
  bool if_absent = false;
  bool dry_run = false;
};

void define_import(CLI::App& root, cli::Registry& registry);

// 0. Code::bad_data for a line that is none: what stands before it is written, nothing behind it.
// An error, and a signal, tell from which line on --resume goes on.
Result<int> run_import(const ImportOptions& options, cli::Env& env);

}  // namespace coord::commands
