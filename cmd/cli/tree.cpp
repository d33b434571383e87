#include "cmd/cli/tree.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>

namespace coord::cli {
namespace {

bool is_option(const CLI::Option* option) {
  return option->nonpositional() && !option->get_group().empty();
}

std::string operand_usage(const CLI::Option& operand) {
  const std::string name = operand.get_name(true) + (takes_many(operand) ? "…" : "");
  const bool plain = operand.get_required() || !operand.get_option_text().empty();
  return plain ? " " + name : " [" + name + "]";
}

}  // namespace

std::vector<const CLI::App*> sub_commands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* sub) { return !sub->get_group().empty(); });
}

const CLI::App& root_of(const CLI::App& app) {
  const CLI::App* root = &app;
  while (root->get_parent() != nullptr) root = root->get_parent();
  return *root;
}

std::string command_path(const CLI::App& app) {
  std::string path;
  for (const CLI::App* at = &app; at->get_parent() != nullptr; at = at->get_parent()) {
    path.insert(0, path.empty() ? at->get_name() : at->get_name() + ' ');
  }
  return path;
}

std::string usage_line(const CLI::App& app) {
  std::string line = root_of(app).get_name();
  if (app.get_parent() != nullptr) line += ' ' + command_path(app);
  const auto options = app.get_options(is_option);
  if (options.size() > 1) line += " [OPTIONS]";  // 1: --help
  if (!sub_commands(app).empty())
    return line + (takes_command(app) ? " (COMMAND … | -- CMD…)" : " COMMAND …");
  for (const CLI::Option* operand : operands_of(app)) line += operand_usage(*operand);
  return takes_command(app) ? line + " [-- CMD…]" : line;
}

std::string commands_line(const CLI::App& app) {
  const std::string names = fmt::format("its commands: {}", fmt::join(command_names(app), ", "));
  return takes_command(app) ? names + "; or '--' and CMD" : names;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : sub_commands(app)) names.push_back(sub->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options(is_option)) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

const CLI::App* find_command(const CLI::App& app, const std::string& name,
                             std::span<const std::string_view> abbreviated) {
  const auto found =
      app.get_subcommands([&](const CLI::App* sub) { return sub->check_name(name); });
  if (!found.empty()) return found.front();
  if (abbreviated.empty() || name.empty()) return nullptr;
  const bool top = app.get_parent() == nullptr;
  const auto begun = app.get_subcommands([&](const CLI::App* sub) {
    const std::string& full = sub->get_name();
    return full.starts_with(name) &&
           (!top || std::ranges::find(abbreviated, full) != abbreviated.end());
  });
  return begun.size() == 1 ? begun.front() : nullptr;
}

const CLI::Option* find_option(const CLI::App& app, const std::string& name) {
  for (const CLI::App* at = &app; at != nullptr; at = at->get_parent()) {
    if (const CLI::Option* option = at->get_option_no_throw(name)) return option;
  }
  return nullptr;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

bool is_global(const CLI::App& app, const CLI::Option& option) {
  const auto globals = root_of(app).get_options();
  return std::ranges::find(globals, &option) != globals.end();
}

std::vector<const CLI::Option*> operands_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

bool takes_command(const CLI::App& app) { return app.get_prefix_command(); }

bool takes_many(const CLI::Option& operand) { return operand.get_allow_extra_args(); }

std::size_t most_operands(const CLI::App& app) {
  const auto operands = operands_of(app);
  const bool many =
      std::ranges::any_of(operands, [](const auto* each) { return takes_many(*each); });
  return many ? std::numeric_limits<std::size_t>::max() : operands.size();
}

}  // namespace coord::cli
