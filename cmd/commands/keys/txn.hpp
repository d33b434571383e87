// coord txn: one transaction, from its text on stdin.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct TxnOptions {
  bool interactive = false;
  bool check = false;
  bool held = false;  // --if-held
};

void define_txn(CLI::App& root, cli::Registry& registry);

// 0, also when a comparison did not hold; 1 then under --check. Code::compare_failed under
// --if-held when the lock has gone; nothing was written then. Nothing is sent before all of the
// text is read and understood, and it is never sent twice.
Result<int> run_txn(const TxnOptions& options, cli::Env& env);

}  // namespace coord::commands
