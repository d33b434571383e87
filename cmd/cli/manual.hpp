// The manual: pages in mdoc(7), made of the tree of words and of a text by hand (manual_text.hpp)
// that has DESCRIPTION, EXAMPLES, and what else there is to say: CAVEATS, FILES, SEE ALSO. Under
// EXIT STATUS it may say "  1  what that means here".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cmd/cli/cli11.hpp"
#include "cmd/cli/manual_text.hpp"

namespace coord::cli {

// coord-COMMAND(1), of a command of the top level and all below it. Of the root: coord(1).
std::string command_page(const CLI::App& command, std::string_view source);
// Another page, all by hand: "coord-locking", '7'.
std::string other_page(const std::string& name, char section, std::string_view source);

// What the program knows best, for a text's @NAME: @variables (of the global options),
// @statuses, @keys. Of any other name: nothing, which the test of the pages finds.
Blocks generated(std::string_view name);
// Each @NAME replaced.
Blocks completed(Blocks blocks);

// Exit statuses, those that APP can end with, or all of them for null; OWN ones, "1" and what it
// means there, go first.
using Items = std::vector<std::pair<std::string, std::string>>;
Items exit_statuses(const CLI::App* app, const Items& own);

}  // namespace coord::cli
