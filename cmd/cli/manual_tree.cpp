#include "cmd/cli/manual_tree.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "cmd/cli/manual.hpp"
#include "cmd/cli/tree.hpp"

namespace coord::cli {
namespace {

using Kind = Block::Kind;

// "A.", "B." as sentences of a page.
std::string sentence(std::string text) {
  if (!text.empty() && std::string_view(".:?").find(text.back()) == std::string_view::npos)
    text += '.';
  return text;
}

std::string synopsis(const CLI::App& app) {
  const std::string path = command_path(app);
  std::string text = ".Nm " + root_of(app).get_name() + '\n';
  if (!path.empty()) text += ".Cm " + mdoc_literal(path) + '\n';
  std::istringstream words(usage_line(app).substr(root_of(app).get_name().size() + path.size()));
  for (std::string word; words >> word;) {
    if (path.find(word) != std::string::npos) continue;
    if (word == "…" || word == "(COMMAND" || word == "|") continue;
    const bool optional = word.starts_with('[');
    std::erase_if(word, [](char c) { return c == '[' || c == ']' || c == ')'; });
    const bool many = word.ends_with("…");
    if (many) word.erase(word.size() - std::string_view("…").size());
    if (word == "--") {
      text += ".Op Fl \\- Ar CMD ...\n";
      break;
    }
    text += fmt::format(".{}Ar {}{}\n", optional ? "Op " : "", word, many ? " ..." : "");
  }
  return text;
}

std::string option_names_of(const CLI::Option& option) {
  std::string names;
  for (const std::string& name : option.get_snames()) names += (names.empty() ? "-" : ", -") + name;
  for (const std::string& name : option.get_lnames())
    names += (names.empty() ? "--" : ", --") + name;
  return takes_value(option) ? names + ' ' + option.get_type_name() : names;
}

Items words_of(const CLI::App& app) {
  Items items;
  for (const CLI::Option* operand : operands_of(app))
    items.emplace_back(operand->get_name(true), sentence(operand->get_description()));
  for (const CLI::Option* option : app.get_options()) {
    if (option->nonpositional() && !option->get_group().empty() && option->get_group() != "Help")
      items.emplace_back(option_names_of(*option), sentence(option->get_description()));
  }
  return items;
}

void add_commands(const CLI::App& app, std::string& page) {
  for (const CLI::App* sub : sub_commands(app)) {
    page += fmt::format(".Ss {}\n{}", mdoc_literal("coord " + command_path(*sub)),
                        mdoc_text(sub->get_description()));
    if (const Items items = words_of(*sub); !items.empty())
      page += to_mdoc({{Kind::list, {}, items}});
    add_commands(*sub, page);
  }
}

std::vector<const CLI::App*> every_command(const CLI::App& app) {
  std::vector<const CLI::App*> all{&app};
  for (const CLI::App* sub : sub_commands(app))
    std::ranges::copy(every_command(*sub), std::back_inserter(all));
  return all;
}

}  // namespace

std::string manual_forms(const CLI::App& app) {
  std::string text;
  const auto below = sub_commands(app);
  if (below.empty() || app.get_parent() == nullptr || takes_command(app)) text += synopsis(app);
  if (app.get_parent() == nullptr) return text;
  for (const CLI::App* sub : below) text += manual_forms(*sub);
  return text;
}

std::string manual_options(const CLI::App& app) {
  const Items items = words_of(app);
  return items.empty() ? "" : ".Sh OPTIONS\n" + to_mdoc({{Kind::list, {}, items}});
}

std::string manual_commands(const CLI::App& app) {
  if (sub_commands(app).empty()) return "";
  std::string page = ".Sh COMMANDS\n";
  add_commands(app, page);
  return page;
}

std::string manual_overview(const CLI::App& root) {
  std::vector<std::pair<std::string, Items>> groups;
  for (const CLI::App* sub : sub_commands(root)) {
    const auto known =
        std::ranges::find(groups, sub->get_group(), &decltype(groups)::value_type::first);
    Items& items = known != groups.end() ? known->second
                                         : groups.emplace_back(sub->get_group(), Items{}).second;
    items.emplace_back(sub->get_name(), sub->get_description());
  }
  std::string page = ".Sh COMMANDS\n";
  for (const auto& [group, items] : groups) {
    page += ".Ss " + group + '\n' + to_mdoc({{Kind::list, {}, items}});
  }
  return page;
}

std::string manual_environment(const CLI::App& app) {
  const auto all = every_command(app);
  const bool runs =
      std::ranges::any_of(all, [](const CLI::App* each) { return takes_command(*each); });
  return ".Sh ENVIRONMENT\nThe variables of the global options,\n.Ev COORD_ENDPOINTS\nfirst of "
         "all" +
         std::string(runs ? ", and those that CMD gets" : "") + ":\n.Xr coord-environment 7 .\n";
}

}  // namespace coord::cli
