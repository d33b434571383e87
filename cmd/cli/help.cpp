#include "cmd/cli/help.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cmd/cli/topics.hpp"
#include "cmd/cli/tree.hpp"

namespace coord::cli {
namespace {

constexpr std::string_view kHelp = "Help";  // -h and --version
constexpr std::size_t kWidth = 80;
constexpr std::size_t kColumn = 28;  // where descriptions begin

// Columns that UTF-8 text takes, continuation bytes not counted.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

// "  LEFT    RIGHT …", RIGHT broken at blanks into lines below each other.
std::string entry(const std::string& left, std::string_view right) {
  std::string text = "  " + left;
  std::size_t column = 2 + columns(left);
  if (column + 2 > kColumn) {
    text += '\n';
    column = 0;
  }
  text.append(kColumn - column, ' ');
  while (right.size() > kWidth - kColumn) {
    std::size_t end = right.rfind(' ', kWidth - kColumn);
    if (end == std::string_view::npos) end = std::min(right.find(' '), right.size());
    text.append(right.substr(0, end)).append("\n").append(kColumn, ' ');
    right.remove_prefix(std::min(end + 1, right.size()));
  }
  return text.append(right) + '\n';
}

std::string option_words(const CLI::Option& option) {
  std::string words = option.get_snames().empty() ? "    " : "-" + option.get_snames()[0];
  for (const std::string& name : option.get_lnames()) {
    words += words.ends_with(' ') ? "--" + name : ", --" + name;
  }
  return takes_value(option) ? words + ' ' + option.get_type_name() : words;
}

std::string operands(const CLI::App& app) {
  std::string text;
  for (const CLI::Option* operand : operands_of(app)) {
    text += entry(operand->get_name(true) + (takes_many(*operand) ? "…" : ""),
                  operand->get_description());
  }
  return text.empty() ? text : '\n' + text;
}

std::string options(const CLI::App& app) {
  std::string text;
  std::vector<std::string> groups = app.get_groups();
  if (std::erase(groups, kHelp) > 0) groups.emplace_back(kHelp);  // last
  const bool is_root = app.get_parent() == nullptr;
  for (const std::string& group : groups) {
    const auto members = app.get_options([&](const CLI::Option* option) {
      return option->nonpositional() && option->get_group() == group;
    });
    if (group.empty() || members.empty() || (group == kHelp && !is_root)) continue;
    text += '\n' + group + ":\n";
    for (const CLI::Option* option : members)
      text += entry(option_words(*option), option->get_description());
  }
  return text;
}

// Groups in the order of their first command.
std::vector<std::string> command_groups(const CLI::App& app) {
  std::vector<std::string> groups;
  for (const CLI::App* sub : app.get_subcommands({})) {
    const std::string group = sub->get_group();
    if (!group.empty() && std::ranges::find(groups, group) == groups.end()) groups.push_back(group);
  }
  return groups;
}

std::vector<const CLI::App*> group_members(const CLI::App& app, const std::string& group) {
  return app.get_subcommands([&](const CLI::App* sub) { return sub->get_group() == group; });
}

std::string commands(const CLI::App& app) {
  std::string text;
  for (const std::string& group : command_groups(app)) {
    text += '\n' + group + ":\n";
    for (const CLI::App* sub : group_members(app, group))
      text += entry(sub->get_name(), sub->get_description());
  }
  return text;
}

std::string topic_list() {
  std::string text = "\nTopics:\n";
  for (const Topic& topic : topics()) text += entry(std::string(topic.name), topic.summary);
  return text;
}

std::string indented(const std::string& lines) {
  std::string text;
  for (const std::string& line : CLI::detail::split(lines, '\n')) {
    if (!line.empty()) text += "  " + line + '\n';
  }
  return text;
}

}  // namespace

std::string help_text(const CLI::App& app) {
  std::string text = app.get_description() + '\n';
  if (!app.get_footer().empty()) text += "\nExamples:\n" + indented(app.get_footer());
  text += "\nUsage: " + usage_line(app) + '\n' + operands(app) + commands(app) + options(app);
  if (app.get_parent() != nullptr)
    return text + "\nGlobal options (--endpoints, --user, -w, -q …): coord --help\n";
  return text + topic_list() + "\n'coord help COMMAND' or 'coord help TOPIC' says more.\n";
}

std::string global_options_text(const CLI::App& root) { return options(root).substr(1); }

std::string short_help_text(const CLI::App& root) {
  std::string text = root.get_description() + "\n\nUsage: " + usage_line(root) + "\n\n";
  for (const std::string& group : command_groups(root)) {
    std::string names;
    for (const CLI::App* sub : group_members(root, group)) names += sub->get_name() + ' ';
    text += entry(group, names);
  }
  return text + "\n'coord --help' says more.\n";
}

}  // namespace coord::cli
