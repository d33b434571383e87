// The values of placeholders that stand for one of a few words. That the help of every such option
// names them, and no others, is seen to by a test.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cmd/cli/registry.hpp"

namespace coord::cli {

// Of the placeholder KIND at APP, whose entry is COMMAND; empty for values of any other kind.
std::vector<std::string> choices_of(std::string_view kind, const CLI::App& app,
                                    const Command* command);

}  // namespace coord::cli
