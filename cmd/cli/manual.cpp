#include "cmd/cli/manual.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

#include "cmd/cli/tree.hpp"

namespace coord::cli {
namespace {

using Kind = Block::Kind;

// When the text by hand was last looked through.
constexpr const char* kDate = "November 21, 2026";

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// "Runs a command." as ".Nd runs a command".
std::string about(std::string text) {
  constexpr std::string_view kEllipsis = " …";
  if (text.ends_with(kEllipsis)) text.resize(text.size() - kEllipsis.size());
  if (text.ends_with('.') || text.ends_with('?')) text.pop_back();
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0)
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

std::string opening(const std::string& name, char section, const std::string& summary) {
  return fmt::format(
      ".\\\" Made by ./dev man of man/src/{0}.{1} and of coord itself.\n"
      ".Dd {2}\n.Dt {3} {1}\n.Os\n.Sh NAME\n.Nm {0}\n.Nd {4}\n",
      name, section, kDate, upper(name), mdoc_literal(summary));
}

// "A.", "B." as sentences of a page.
std::string sentence(std::string text) {
  if (!text.empty() && std::string_view(".:?").find(text.back()) == std::string_view::npos)
    text += '.';
  return text;
}

std::vector<const CLI::App*> commands_below(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* sub) { return !sub->get_group().empty(); });
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

// The forms in which a command can be called, its own and those of the commands below it.
std::string forms(const CLI::App& app) {
  std::string text;
  const auto below = commands_below(app);
  if (below.empty() || app.get_parent() == nullptr || takes_command(app)) text += synopsis(app);
  if (app.get_parent() == nullptr) return text;
  for (const CLI::App* sub : below) text += forms(*sub);
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

void add_options(const CLI::App& app, std::string& page) {
  if (const Items items = words_of(app); !items.empty())
    page += ".Sh OPTIONS\n" + to_mdoc({{Kind::list, {}, items}});
}

void add_commands(const CLI::App& app, std::string& page) {
  for (const CLI::App* sub : commands_below(app)) {
    page += fmt::format(".Ss {}\n{}", mdoc_literal("coord " + command_path(*sub)),
                        mdoc_text(sub->get_description()));
    if (const Items items = words_of(*sub); !items.empty())
      page += to_mdoc({{Kind::list, {}, items}});
    add_commands(*sub, page);
  }
}

// All commands by their groups, and the global options by theirs.
void add_overview(const CLI::App& root, std::string& page) {
  std::vector<std::pair<std::string, Items>> groups;
  for (const CLI::App* sub : commands_below(root)) {
    const auto known =
        std::ranges::find(groups, sub->get_group(), &decltype(groups)::value_type::first);
    Items& items = known != groups.end() ? known->second
                                         : groups.emplace_back(sub->get_group(), Items{}).second;
    items.emplace_back(sub->get_name(), sub->get_description());
  }
  page += ".Sh COMMANDS\n";
  for (const auto& [group, items] : groups) {
    page += ".Ss " + group + '\n' + to_mdoc({{Kind::list, {}, items}});
  }
}

std::vector<const CLI::App*> every_command(const CLI::App& app) {
  std::vector<const CLI::App*> all{&app};
  for (const CLI::App* sub : commands_below(app))
    std::ranges::copy(every_command(*sub), std::back_inserter(all));
  return all;
}

// The text by hand, section by section.
class Text {
 public:
  explicit Text(std::string_view text) {
    for (Block& block : completed(parse_manual(text))) {
      if (block.kind == Kind::title) {
        title_ = block.text;
      } else if (block.kind == Kind::heading) {
        sections_.push_back({block.text, {}});
      } else if (!sections_.empty()) {
        sections_.back().blocks.push_back(std::move(block));
      }
    }
  }

  const std::string& title() const { return title_; }

  // The section of that name, which is taken out.
  Blocks take(const std::string& name) {
    const auto found = std::ranges::find(sections_, name, &Section::name);
    if (found == sections_.end()) return {};
    Blocks blocks = std::move(found->blocks);
    sections_.erase(found);
    return blocks;
  }

  std::string section(const std::string& name) {
    const Blocks blocks = take(name);
    return blocks.empty() ? "" : ".Sh " + name + '\n' + to_mdoc(blocks);
  }

  // All but the last ones of a page, in their order.
  std::string middle() {
    std::string page;
    std::vector<std::string> names;
    for (const Section& each : sections_) {
      if (each.name != "EXAMPLES" && each.name != "SEE ALSO" && each.name != "CAVEATS")
        names.push_back(each.name);
    }
    for (const std::string& name : names) page += section(name);
    return page;
  }

  // "coord-lock(1), flock(1)" as references, in the order that mdoc wants.
  std::string see_also(const std::string& always) {
    std::set<std::pair<std::string, std::string>> pages;  // section, name
    std::string all = always;
    for (const Block& block : take("SEE ALSO")) all += ' ' + block.text;
    std::ranges::replace(all, ',', ' ');
    std::istringstream words(all);
    for (std::string word; words >> word;) {
      const auto open = word.find('(');
      if (open != std::string::npos) pages.emplace(word.substr(open + 1, 1), word.substr(0, open));
    }
    std::string lines;
    for (const auto& [section, name] : pages)
      lines += fmt::format("{}.Xr {} {}", lines.empty() ? "" : " ,\n", name, section);
    return lines.empty() ? "" : ".Sh SEE ALSO\n" + lines + '\n';
  }

 private:
  struct Section {
    std::string name;
    Blocks blocks;
  };
  std::string title_;
  std::vector<Section> sections_;
};

Items own_statuses(const Blocks& blocks) {
  Items items;
  for (const Block& block : blocks) {
    std::istringstream lines(block.text);
    for (std::string number, text; lines >> number && std::getline(lines >> std::ws, text);)
      items.emplace_back(number, text);
  }
  return items;
}

std::string environment(const CLI::App& app) {
  const auto all = every_command(app);
  const bool runs =
      std::ranges::any_of(all, [](const CLI::App* each) { return takes_command(*each); });
  return ".Sh ENVIRONMENT\nThe variables of the global options,\n.Ev COORD_ENDPOINTS\nfirst of "
         "all" +
         std::string(runs ? ", and those that CMD gets" : "") + ":\n.Xr coord-environment 7 .\n";
}

}  // namespace

std::string command_page(const CLI::App& command, std::string_view source) {
  Text text(source);
  const bool root = command.get_parent() == nullptr;
  const std::string name = root ? "coord" : "coord-" + command.get_name();
  std::string page = opening(name, '1', about(command.get_description()));
  page += ".Sh SYNOPSIS\n" + forms(command);
  page += text.section("DESCRIPTION");
  if (root) add_overview(command, page);
  add_options(command, page);
  if (!root && !commands_below(command).empty()) {
    page += ".Sh COMMANDS\n";
    add_commands(command, page);
  }
  const Items own = own_statuses(text.take("EXIT STATUS"));
  std::string middle = text.section("ENVIRONMENT");
  page += middle.empty() ? environment(command) : middle;
  page += text.middle();
  page += ".Sh EXIT STATUS\n" +
          to_mdoc({{Kind::list, {}, exit_statuses(root ? nullptr : &command, own)}});
  page += text.section("EXAMPLES");
  page += text.see_also(root ? "" : "coord(1)");
  return page + text.section("CAVEATS");
}

std::string other_page(const std::string& name, char section, std::string_view source) {
  Text text(source);
  std::string page = opening(name, section, text.title());
  page += text.middle();
  page += text.section("EXAMPLES");
  page += text.see_also("coord(1)");
  return page + text.section("CAVEATS");
}

}  // namespace coord::cli
