// `watch -i`: watches that are asked for on stdin while others run, all on one stream to the
// server.
#pragma once

#include "cmd/commands/keys/watch.hpp"

namespace coord::commands {

// Until stdin ends, which is Code::bad_data as in etcdctl. CMDs run one at a time, each event's in
// its watch's order. A watch that the server ends is told, and the others go on.
Result<int> run_interactive(const WatchOptions& options, const WatchVariables& variables,
                            cli::Env& env);

}  // namespace coord::commands
