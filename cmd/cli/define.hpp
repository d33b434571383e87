// What define_x() is written with: operands and options in the shapes that CLI11 2.1.2 gets right
// (see argv.hpp for those that it does not). The placeholder of an operand or option (KEY, LOCK,
// DURATION, FILE …) is also its kind for completion.
//
// Targets must live as long as the tree; a shared Options struct captured by the registry's
// function does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmd/cli/cli11.hpp"
#include "coord/base/clock.hpp"

namespace coord::cli {

struct CommandText {
  std::string name;
  std::string group;     // heading in the list of commands; empty: hidden
  std::string summary;   // one sentence
  std::string examples;  // whole lines, each "coord …"
};

CLI::App& add_command(CLI::App& parent, const CommandText& text);

// How an operand that may be missing stands in the usage line: [KEY], or KEY where its absence is
// the exception.
enum class Shown { in_brackets, plain };

// Operands; the name is the placeholder. Those that must be there come first; operands() comes
// last.
CLI::Option* operand(CLI::App& app, const std::string& name, std::string& target,
                     const std::string& help);
CLI::Option* operand(CLI::App& app, const std::string& name, std::optional<std::string>& target,
                     const std::string& help, Shown shown = Shown::in_brackets);
CLI::Option* operands(CLI::App& app, const std::string& name, std::vector<std::string>& target,
                      const std::string& help, bool required = true);

// Says in the usage line that a command to run may follow; where it begins is the registry's Tail.
void command(CLI::App& app);

// Options; NAMES is "-n,--nonblock". Given twice, the last one counts.
CLI::Option* flag(CLI::App& app, const std::string& names, bool& target, const std::string& help);
CLI::Option* text(CLI::App& app, const std::string& names, std::string& target,
                  const std::string& placeholder, const std::string& help);
CLI::Option* text(CLI::App& app, const std::string& names, std::optional<std::string>& target,
                  const std::string& placeholder, const std::string& help);
CLI::Option* number(CLI::App& app, const std::string& names, std::int64_t& target,
                    const std::string& help);
CLI::Option* number(CLI::App& app, const std::string& names, std::optional<std::int64_t>& target,
                    const std::string& help);
CLI::Option* duration(CLI::App& app, const std::string& names, Duration& target,
                      const std::string& help);
CLI::Option* duration(CLI::App& app, const std::string& names, std::optional<Duration>& target,
                      const std::string& help);
CLI::Option* repeatable(CLI::App& app, const std::string& names, std::vector<std::string>& target,
                        const std::string& placeholder, const std::string& help);

}  // namespace coord::cli
