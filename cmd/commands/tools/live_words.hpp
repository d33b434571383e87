// What completion asks etcd for: names that are in use, for a placeholder such as LOCK or KEY.
// Reads only: keys without their values, from any one member, and only so many of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cmd/cli/complete.hpp"
#include "coord/base/context.hpp"
#include "coord/etcd/client.hpp"

namespace coord::commands {

// Is KIND a placeholder that is asked for? COMMAND is the path of the one that has it.
bool is_live(std::string_view kind);

// Those of KIND that begin with TEXT, for COMMAND ("barrier hold"); what came before an error, or
// before the context ended. Names with control characters or broken UTF-8 are left out: no line
// could be made of them.
std::vector<cli::Candidate> live_words(etcd::Client& client, const Context& ctx,
                                       std::string_view kind, std::string_view command,
                                       const std::string& text);

}  // namespace coord::commands
