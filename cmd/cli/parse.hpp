// Gives words to CLI11 and makes one Error of whatever it throws.
#pragma once

#include <string>
#include <vector>

#include "cmd/cli/cli11.hpp"
#include "coord/base/result.hpp"

namespace coord::cli {

// Fills the options structs of the tree. COMMAND is the one that the words name, for messages.
// Code::usage.
Result<> parse_words(CLI::App& root, const CLI::App& command, std::vector<std::string> words);

}  // namespace coord::cli
