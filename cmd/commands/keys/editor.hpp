// The user's editor, over one file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coord/base/result.hpp"
#include "coord/proc/signals.hpp"

namespace coord::commands {

struct EditorEnd {
  int wait_status = 0;        // see proc/exit_status.hpp
  std::optional<int> signal;  // TERM or HUP: we were asked to end meanwhile
};

// $VISUAL, else $EDITOR, else vi, and PATH behind it. As a shell would take the variable: it may
// hold options, and quotes, which cost a shell.
std::vector<std::string> editor_words(const std::string& path);

// Runs it in our process group, on our terminal, and blocks until it has ended. INT and QUIT are
// the editor's. When it stops (Ctrl-Z) so do we. TERM and HUP end it, by force if it must be. The
// terminal is as it was afterwards. Errors as run::start_failure() has them.
Result<EditorEnd> run_editor(const std::vector<std::string>& words, proc::Signals& signals);

}  // namespace coord::commands
