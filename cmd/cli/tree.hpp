// Questions to the CLI11 tree, which is the one source of words for the parser, the help, the
// manual and completion.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cmd/cli/cli11.hpp"

namespace coord::cli {

const CLI::App& root_of(const CLI::App& app);
std::vector<const CLI::App*> sub_commands(const CLI::App& app);  // one level down, hidden ones not
std::string command_path(const CLI::App& app);   // "lease grant"; empty for the root
std::string usage_line(const CLI::App& app);     // "coord get [OPTIONS] KEY [RANGE_END]"
std::string commands_line(const CLI::App& app);  // "its commands: grant, list"
std::vector<std::string> command_names(const CLI::App& app);  // one level down, hidden ones not
std::vector<std::string> option_names(const CLI::App& app);   // "--limit" …, the globals' too

// The command NAME one level down; null when there is none. Where commands may be ABBREVIATED, also
// the only one that begins with NAME: of those at the root, of all further down.
const CLI::App* find_command(const CLI::App& app, const std::string& name,
                             std::span<const std::string_view> abbreviated = {});

// The option of that name ("-w", "--limit") of APP or of a command above it.
const CLI::Option* find_option(const CLI::App& app, const std::string& name);
bool takes_value(const CLI::Option& option);
bool is_global(const CLI::App& app, const CLI::Option& option);  // one of the root's

// Operands in the order in which they fill up.
std::vector<const CLI::Option*> operands_of(const CLI::App& app);
bool takes_command(const CLI::App& app);  // words of a CMD may follow: see command() in define.hpp
bool takes_many(const CLI::Option& operand);  // it ends the list: NAME…
std::size_t most_operands(const CLI::App& app);

}  // namespace coord::cli
