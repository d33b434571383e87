// The help texts, made from the CLI11 tree: what a command does, examples, usage, its words.
#pragma once

#include <cstddef>
#include <string>

#include "cmd/cli/cli11.hpp"

namespace coord::cli {

// Of a command; of the root with all commands and the global options. Lines are broken at WIDTH
// columns, but for examples and usage.
std::string help_text(const CLI::App& app, std::size_t width = 80);
// The options that every command has.
std::string global_options_text(const CLI::App& root);
// For `coord` alone.
std::string short_help_text(const CLI::App& root, std::size_t width = 80);

}  // namespace coord::cli
