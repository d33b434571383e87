// The words of the command line, sorted out before CLI11 sees any of them.
//
// CLI11 2.1.2 cannot leave a child's words alone, steals operands that look like sub-commands,
// takes the next word for the value of "--cert=", and does not name the word that it did not
// understand. So this walks the words once, asking the tree which options there are and which of
// them take a value, and hands on an order that leaves nothing to guess: global options, the
// command, its options, each value a word of its own, then "--" and the operands.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/cli/registry.hpp"

namespace coord::cli {

struct Words {
  const CLI::App* command = nullptr;  // the last command named; the root where there is none
  std::vector<std::string> parser;    // for CLI11, without the program's name
  std::optional<std::vector<std::string>> child;  // CMD and its arguments, untouched
  bool marked = false;                            // CMD stood behind a "--"
  bool help = false;     // -h or --help stood before CMD; then nothing else was checked
  bool version = false;  // so did --version
};

// ARGS without the program's name. Code::usage for a word that the tree does not have, with the
// nearest one as the hint, for a missing value, for surplus operands and for a "--" with no CMD
// behind it. The commands ABBREVIATED need not be written out, nor those below any command then.
Result<Words> read_words(const CLI::App& root, const Registry& registry,
                         const std::vector<std::string>& args,
                         std::span<const std::string_view> abbreviated = {});

// An operand that begins with this is passed on so that CLI11 does not take "[a,b]" for a list; see
// operands() in define.hpp.
inline constexpr char kGuard = '=';

}  // namespace coord::cli
