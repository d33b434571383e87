#include "cmd/cli/manual.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cctype>
#include <sstream>

#include "cmd/cli/manual_source.hpp"
#include "cmd/cli/manual_tree.hpp"

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

Items own_statuses(const Blocks& blocks) {
  Items items;
  for (const Block& block : blocks) {
    std::istringstream lines(block.text);
    for (std::string number, text; lines >> number && std::getline(lines >> std::ws, text);)
      items.emplace_back(number, text);
  }
  return items;
}

}  // namespace

std::string command_page(const CLI::App& command, std::string_view source) {
  ManualSource text(source);
  const bool root = command.get_parent() == nullptr;
  const std::string name = root ? "coord" : "coord-" + command.get_name();
  std::string page = opening(name, '1', about(command.get_description()));
  page += ".Sh SYNOPSIS\n" + manual_forms(command);
  page += text.section("DESCRIPTION");
  if (root) page += manual_overview(command);
  page += manual_options(command);
  if (!root) page += manual_commands(command);
  const Items own = own_statuses(text.take("EXIT STATUS"));
  std::string middle = text.section("ENVIRONMENT");
  page += middle.empty() ? manual_environment(command) : middle;
  page += text.middle();
  page += ".Sh EXIT STATUS\n" +
          to_mdoc({{Kind::list, {}, exit_statuses(root ? nullptr : &command, own)}});
  page += text.section("EXAMPLES");
  page += text.see_also(root ? "" : "coord(1)");
  return page + text.section("CAVEATS");
}

std::string other_page(const std::string& name, char section, std::string_view source) {
  ManualSource text(source);
  std::string page = opening(name, section, text.title());
  page += text.middle();
  page += text.section("EXAMPLES");
  page += text.see_also("coord(1)");
  return page + text.section("CAVEATS");
}

}  // namespace coord::cli
