// Registry: what belongs to each command of the CLI11 tree besides its words: the function that
// runs it, where a command to run (CMD) begins on its line, and the output formats that it has.
//
// A command is one pair of functions in one file:
//
//   void define_get(CLI::App& root, Registry& registry);     adds its words to the tree, and one
//   add() here Result<int> run_get(const GetOptions&, Env&);            does the work; its value is
//   the exit status
//
// Nothing runs while words are parsed; the application looks the chosen command up here afterwards.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string_view>

#include "cmd/cli/cli11.hpp"
#include "cmd/out/format.hpp"
#include "coord/base/result.hpp"

namespace coord::cli {

class Env;

// Where CMD begins. A command that takes no CMD has a "--" mean what it means everywhere: the end
// of the options.
struct Tail {
  bool is_command = false;  // what stands behind the first bare "--" is CMD
  // Without a "--", CMD begins behind so many operands; 0: it needs the "--".
  std::size_t own_operands = 0;
};

inline constexpr Tail kOperands{};                   // get, put, …
inline constexpr Tail kCommandBehindMark{true, 0};   // watch KEY [-- CMD…]
inline constexpr Tail kCommandBehindFirst{true, 1};  // lock NAME [CMD…], lock NAME… [-- CMD…]

struct Command {
  std::function<Result<int>(Env&)> run;
  Tail tail = kOperands;
  out::Formats formats = out::kStreamFormats;
  // It is about the settings, or of help to who mends them, so it runs although the config file
  // cannot be used: without it.
  bool mends_settings = false;
};

class Registry {
 public:
  void add(const CLI::App& app, Command command) { commands_[&app] = std::move(command); }

  // Nothing for the root, and for groups such as `lease`.
  const Command* find(const CLI::App* app) const {
    const auto found = commands_.find(app);
    return found == commands_.end() ? nullptr : &found->second;
  }

 private:
  std::map<const CLI::App*, Command> commands_;
};

// A command of the top level, and how it is added to the tree. The one table of these is
// cmd/commands/table.cpp. To define all of them takes longer than many a command, so the
// application defines those alone whose names stand on the line, and the rest only for help and for
// mistakes.
struct Definition {
  std::string_view name;
  void (*define)(CLI::App& root, Registry& registry);
  bool reads_tree = false;  // it is about the other commands: all must be there
};

}  // namespace coord::cli
