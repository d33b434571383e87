#include "cmd/cli/help.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cmd/cli/topics.hpp"
#include "cmd/cli/tree.hpp"

namespace coord::cli {
namespace {

constexpr std::string_view kHelp = "Help";  // -h and --version

// How wide the text may be, and where descriptions begin.
struct Page {
  std::size_t width;
  std::size_t column = width < 60 ? 10 : 28;
};

// Columns that UTF-8 text takes, continuation bytes not counted.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

// TEXT broken at blanks into lines of up to WIDTH, each but the first behind INDENT blanks.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string lines;
  while (columns(text) > width) {
    std::size_t end = text.rfind(' ', width);
    if (end == std::string_view::npos) end = std::min(text.find(' '), text.size());
    lines.append(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!text.empty()) lines.append("\n").append(indent, ' ');
  }
  return lines.append(text) + '\n';
}

// "  LEFT    RIGHT …", RIGHT in lines below each other.
std::string entry(const Page& page, const std::string& left, std::string_view right) {
  std::string text = "  " + left;
  std::size_t column = 2 + columns(left);
  if (column + 2 > page.column) {
    text += '\n';
    column = 0;
  }
  return text.append(page.column - column, ' ') +
         wrapped(right, page.width - page.column, page.column);
}

std::string option_words(const CLI::Option& option) {
  std::string words = option.get_snames().empty() ? "    " : "-" + option.get_snames()[0];
  for (const std::string& name : option.get_lnames()) {
    words += words.ends_with(' ') ? "--" + name : ", --" + name;
  }
  return takes_value(option) ? words + ' ' + option.get_type_name() : words;
}

std::string operands(const Page& page, const CLI::App& app) {
  std::string text;
  for (const CLI::Option* operand : operands_of(app)) {
    text += entry(page, operand->get_name(true) + (takes_many(*operand) ? "…" : ""),
                  operand->get_description());
  }
  return text.empty() ? text : '\n' + text;
}

std::string options(const Page& page, const CLI::App& app) {
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
      text += entry(page, option_words(*option), option->get_description());
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

std::string commands(const Page& page, const CLI::App& app) {
  std::string text;
  for (const std::string& group : command_groups(app)) {
    text += '\n' + group + ":\n";
    for (const CLI::App* sub : group_members(app, group))
      text += entry(page, sub->get_name(), sub->get_description());
  }
  return text;
}

std::string topic_list(const Page& page) {
  std::string text = "\nTopics:\n";
  for (const Topic& topic : topics()) text += entry(page, std::string(topic.name), topic.summary);
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

std::string help_text(const CLI::App& app, std::size_t width) {
  const Page page{width};
  std::string text = wrapped(app.get_description(), width, 0);
  if (!app.get_footer().empty()) text += "\nExamples:\n" + indented(app.get_footer());
  text += "\nUsage: " + usage_line(app) + '\n';
  text += operands(page, app) + commands(page, app) + options(page, app);
  if (app.get_parent() != nullptr) {
    return text + '\n' +
           wrapped("Global options (--endpoints, --user, -w, -q …): coord --help", width, 0);
  }
  return text + topic_list(page) + "\n'coord help COMMAND' or 'coord help TOPIC' says more.\n";
}

std::string global_options_text(const CLI::App& root) { return options({80}, root).substr(1); }

std::string short_help_text(const CLI::App& root, std::size_t width) {
  std::string text = root.get_description() + "\n\nUsage: " + usage_line(root) + "\n\n";
  for (const std::string& group : command_groups(root)) {
    std::string names;
    for (const CLI::App* sub : group_members(root, group))
      names += (names.empty() ? "" : " ") + sub->get_name();
    text += entry({width}, group, names);
  }
  return text + "\n'coord --help' says more.\n";
}

}  // namespace coord::cli
