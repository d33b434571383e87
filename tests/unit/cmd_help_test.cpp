#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "cmd/cli/argv.hpp"
#include "cmd/cli/help.hpp"
#include "cmd/cli/parse.hpp"
#include "cmd/cli/tree.hpp"
#include "cmd_tree.hpp"

namespace coord::cli {
namespace {

// Every command that can be run.
void collect(const CLI::App& app, const Registry& registry, std::vector<const CLI::App*>& found) {
  if (registry.find(&app) != nullptr) found.push_back(&app);
  for (const CLI::App* sub : app.get_subcommands({})) collect(*sub, registry, found);
}

std::vector<const CLI::App*> all_commands(const WholeTree& tree) {
  std::vector<const CLI::App*> found;
  collect(tree.root, tree.registry, found);
  return found;
}

// The words of one example; what the shell would take away is cut off.
std::vector<std::string> words_of(std::string line) {
  constexpr std::string_view kEval = "eval \"$(";
  if (line.starts_with(kEval)) line = line.substr(kEval.size(), line.find(')') - kEval.size());
  line.resize(std::min(line.find_first_of("<>|&;#$"), line.size()));
  std::erase_if(line, [](char c) { return c == '\'' || c == '"'; });
  std::istringstream stream(line);
  return {std::istream_iterator<std::string>(stream), {}};
}

TEST(Help, EveryExampleParses) {
  const WholeTree shape;
  for (const CLI::App* command : all_commands(shape)) {
    std::istringstream examples(command->get_footer());
    if (command->get_group().empty()) continue;  // hidden
    EXPECT_FALSE(command->get_footer().empty()) << command_path(*command) << " has no example";
    for (std::string line; std::getline(examples, line);) {
      WholeTree tree;  // parsing leaves its traces in the options
      std::vector<std::string> words = words_of(line);
      ASSERT_EQ(words.at(0), "coord") << line;
      words.erase(words.begin());
      const auto read = read_words(tree.root, tree.registry, words);
      ASSERT_TRUE(read) << line << ": " << read.error().message;
      const auto parsed = parse_words(tree.root, *read->command, read->parser);
      EXPECT_TRUE(parsed) << line << ": " << parsed.error().message;
      EXPECT_EQ(command_path(*read->command), command_path(*command)) << line;
    }
  }
}

TEST(Help, EveryWordHasItsLine) {
  const WholeTree tree;
  for (const CLI::App* command : all_commands(tree)) {
    const std::string text = help_text(*command);
    EXPECT_FALSE(command->get_description().empty()) << command_path(*command);
    for (const CLI::Option* option : command->get_options()) {
      EXPECT_FALSE(option->get_description().empty())
          << command_path(*command) << ' ' << option->get_name();
      EXPECT_TRUE(option->get_name() == "--help" ||
                  text.find(option->get_name()) != std::string::npos)
          << command_path(*command) << ' ' << option->get_name();
    }
  }
}

TEST(Help, LinesFitATerminal) {
  const WholeTree tree;
  for (const CLI::App* command : all_commands(tree)) {
    std::istringstream text(help_text(*command));
    for (std::string line; std::getline(text, line);) {
      if (!line.starts_with("  coord ")) {
        EXPECT_LE(line.size(), 84U) << line;
        EXPECT_FALSE(line.ends_with(' ')) << line;
      }
    }
  }
}

TEST(Help, NarrowLinesFitANarrowTerminal) {
  const WholeTree tree;
  for (const CLI::App* command : all_commands(tree)) {
    std::istringstream text(help_text(*command, 40));
    for (std::string line; std::getline(text, line);) {
      if (!line.starts_with("  coord ") && !line.starts_with("  eval ") &&
          !line.starts_with("Usage:")) {
        EXPECT_LE(line.size(), 46U) << line;  // … and the like are one column, but not one byte
      }
    }
  }
}

TEST(Help, OptionsWithAValueSayWhichKind) {
  const WholeTree tree;
  for (const CLI::App* command : all_commands(tree)) {
    for (const CLI::Option* option : command->get_options()) {
      if (takes_value(*option)) {
        EXPECT_FALSE(option->get_type_name().empty())
            << command_path(*command) << ' ' << option->get_name();
      }
    }
  }
}

TEST(Help, EachCommandHasTwoToFourExamples) {
  const WholeTree tree;
  for (const CLI::App* command : all_commands(tree)) {
    if (command->get_group().empty()) continue;  // not for people
    const auto lines = std::ranges::count(command->get_footer(), '\n') + 1;
    EXPECT_GE(lines, 2) << command_path(*command);
    EXPECT_LE(lines, 4) << command_path(*command);
  }
}

TEST(Help, ShortHelpFitsAScreen) {
  const WholeTree tree;
  const std::string text = short_help_text(tree.root);
  EXPECT_LE(std::ranges::count(text, '\n'), 25);
  EXPECT_NE(text.find("get put del"), std::string::npos);
  EXPECT_EQ(text.find(" \n"), std::string::npos);
}

TEST(Help, TheTableCallsEachCommandByItsName) {
  for (const Definition& each : commands::table()) {
    CLI::App root;
    Registry registry;
    each.define(root, registry);
    const auto defined = root.get_subcommands([](const CLI::App*) { return true; });
    ASSERT_EQ(defined.size(), 1U) << each.name;
    EXPECT_EQ(defined[0]->get_name(), each.name);
  }
}

}  // namespace
}  // namespace coord::cli
