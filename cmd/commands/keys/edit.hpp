// coord edit: a value in the user's editor, written back if nobody changed it meanwhile.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/key_range.hpp"

namespace coord::commands {

struct EditOptions {
  KeyWords key;  // first: KEY
  bool create = false;
  bool keep_newline = false;
};

void define_edit(CLI::App& root, cli::Registry& registry);

// 0, also when nothing was changed; an editor's own status when it failed. Code::compare_failed
// when somebody changed the key meanwhile; not_found for a missing key without --create. What the
// user has written is never lost: it stays in a file that the message names.
Result<int> run_edit(const EditOptions& options, cli::Env& env);

}  // namespace coord::commands
