// A line of `watch -i`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmd/commands/keys/watch.hpp"

namespace coord::commands {

struct WatchLine {
  bool progress = false;  // else a watch
  WatchOptions options;
  std::vector<std::string> command;  // may be empty
};

// Words as a shell splits them: "…" with Go's escapes, '…'. Nothing for a line that is told on
// stderr and left, as REFUSED has it; Code::usage for options that there are not, which end it all,
// as in etcdctl.
Result<std::optional<WatchLine>> parse_watch_line(const std::string& line,
                                                  const WatchVariables& variables,
                                                  std::string& refused);

}  // namespace coord::commands
