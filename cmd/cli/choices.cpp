#include "cmd/cli/choices.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "cmd/cli/config_file.hpp"
#include "cmd/cli/tree.hpp"

namespace coord::cli {
namespace {

struct Choice {
  std::string_view kind;
  std::string_view command;  // empty: of any
  std::string_view words;
};

constexpr auto kChoices = std::to_array<Choice>({
    {"ACTION", "", "restart signal ignore"},
    {"FORMAT", "discover", "addr json hosts env grpc"},
    {"HOW", "discover", "random round-robin first"},
    {"HOW", "proxy", "round-robin least-connections random"},
    {"LAYOUT", "", "endpoints plain json"},
    {"LOAD", "", "s m l xl"},
    {"ORDER", "", "ASCEND DESCEND"},
    {"POLICY", "", "queue latest restart signal drop"},
    {"REVISION", "subscribe", "beginning now"},
    {"SHELL", "", "bash zsh fish"},
    {"SIGNAL", "", "HUP INT QUIT USR1 USR2 TERM CONT WINCH KILL STOP"},
    {"TARGET", "", "KEY CREATE MODIFY VALUE VERSION"},
    {"TYPE", "", "read write readwrite"},
    {"WHEN", "", "auto always never"},
    {"WHICH", "", "l s"},
    {"l|s", "", "l s"},
});

// Those that the command has.
std::vector<std::string> formats_of(const Command* command) {
  std::vector<std::string> names;
  for (const out::Format each : command != nullptr ? command->formats : out::kRowFormats)
    names.emplace_back(format_name(each));
  return names;
}

}  // namespace

std::vector<std::string> choices_of(std::string_view kind, const CLI::App& app,
                                    const Command* command) {
  const std::string path = command_path(app);
  const auto found = std::ranges::find_if(kChoices, [&](const Choice& one) {
    return one.kind == kind && (one.command.empty() || one.command == path);
  });
  if (found != kChoices.end()) return CLI::detail::split(std::string(found->words), ' ');
  if (kind == "FORMAT") return formats_of(command);
  if (kind == "SETTING") return context_settings();
  return {};
}

}  // namespace coord::cli
