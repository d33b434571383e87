#include <gtest/gtest.h>

#include "cmd/cli/choices.hpp"
#include "cmd/cli/complete.hpp"
#include "cmd/cli/shell_word.hpp"
#include "cmd/cli/tree.hpp"
#include "cmd_tree.hpp"

namespace coord::cli {
namespace {

class Complete : public testing::Test {
 protected:
  Cursor at_last(const std::vector<std::string>& words) {
    return cursor_at(tree_.root, tree_.registry, words, words.size() - 1);
  }
  std::vector<std::string> words(const Cursor& cursor) {
    std::vector<std::string> found;
    for (const Candidate& one : cursor.words) found.push_back(one.word);
    return found;
  }

  WholeTree tree_;
};

using Words = std::vector<std::string>;

TEST_F(Complete, ThePlaceholderIsTheKind) {
  EXPECT_EQ(at_last({"get", ""}).kind, "KEY");
  EXPECT_EQ(at_last({"get", "a", ""}).kind, "RANGE_END");
  EXPECT_EQ(at_last({"get", "a", "b", ""}).kind, "");
  EXPECT_EQ(at_last({"--user", ""}).kind, "USER");
  EXPECT_EQ(at_last({"lock", "--", "x"}).kind, "");
  EXPECT_EQ(at_last({"member", "remove", "8"}).kind, "MEMBER");
}

TEST_F(Complete, AValueStandsBehindItsOptionOrInTheSameWord) {
  const Cursor joined = at_last({"get", "--cacert=/e"});
  EXPECT_EQ(joined.kind, "FILE");
  EXPECT_EQ(joined.head, "--cacert=");
  EXPECT_EQ(joined.text, "/e");
  EXPECT_EQ(at_last({"get", "--cacert", "/e"}).kind, "FILE");
  EXPECT_EQ(words(at_last({"get", "-wj"})), Words{"json"});
  EXPECT_EQ(at_last({"get", "-w=j"}).head, "-w=");
  EXPECT_EQ(words(at_last({"get", "--prefix="})), (Words{"true", "false"}));
}

TEST_F(Complete, KeepsTheSettingsThatWereTyped) {
  const Cursor cursor = at_last({"--endpoints", "a:1", "-qwjson", "get", "--user=u", "--hex", "k"});
  EXPECT_EQ(cursor.settings.at("endpoints"), Words{"a:1"});
  EXPECT_EQ(cursor.settings.at("write-out"), Words{"json"});
  EXPECT_EQ(cursor.settings.at("user"), Words{"u"});
  const Layer layer = typed_layer(cursor);
  EXPECT_EQ(layer.lookup("hex"), Words{"true"});
  EXPECT_TRUE(layer.lookup("namespace").empty());
}

TEST_F(Complete, FindsWhereCmdBegins) {
  EXPECT_EQ(at_last({"lock", "a", "b", "--", "c"}).command_line, 4);
  EXPECT_EQ(at_last({"lock", "a", "c"}).command_line, 2);
  EXPECT_EQ(at_last({"lock", "a", "c", "--opt"}).command_line, 2);
  EXPECT_EQ(at_last({"watch", "k", "--", "sh", ""}).command_line, 3);
  EXPECT_FALSE(at_last({"lock", "a"}).command_line);
  // The second word is a name if a "--" follows.
  const Cursor name = cursor_at(tree_.root, tree_.registry, {"lock", "a", "b", "--", "c"}, 2);
  EXPECT_FALSE(name.command_line);
  EXPECT_EQ(name.kind, "LOCK");
}

TEST_F(Complete, WordsThatTheTreeDoesNotHaveDoNoHarm) {
  EXPECT_TRUE(at_last({"nosuch", ""}).words.empty());
  EXPECT_EQ(at_last({"get", "--nosuch", "-z", "k"}).kind, "KEY");
  EXPECT_EQ(at_last({"get", "--nosuch="}).kind, "");
  EXPECT_EQ(cursor_at(tree_.root, tree_.registry, {"get"}, 99).kind, "KEY");
  EXPECT_FALSE(cursor_at(tree_.root, tree_.registry, {}, 0).words.empty());
}

// Else completion would offer what the command refuses, or hide what it takes.
TEST_F(Complete, ChoicesAreThoseOfTheHelp) {
  const auto check = [&](const auto& self, const CLI::App& app) -> void {
    for (const CLI::Option* option : app.get_options()) {
      const std::string kind =
          option->nonpositional() ? option->get_type_name() : option->get_name(true);
      if (kind == "SIGNAL" || kind == "SETTING") continue;
      for (const auto& word : choices_of(kind, app, tree_.registry.find(&app)))
        EXPECT_NE(option->get_description().find(word), std::string::npos)
            << command_path(app) << ' ' << option->get_name() << ' ' << word;
    }
    for (const CLI::App* sub : app.get_subcommands({})) self(self, *sub);
  };
  check(check, tree_.root);
}

TEST(ShellWord, UnquotesAsBashDoesAndExpandsNothing) {
  EXPECT_EQ(unquote("a\\ b").text, "a b");
  EXPECT_EQ(unquote("'a\\ b'\"c\\\"\\d\"").text, "a\\ bc\"\\d");
  EXPECT_EQ(unquote("$(rm x)$HOME").text, "$(rm x)$HOME");
  EXPECT_EQ(unquote("\"a b").open_quote, '"');
  EXPECT_EQ(unquote("it\\'s").open_quote, '\0');
  EXPECT_EQ(unquote("x\\").text, "x");
}

TEST(ShellWord, WhatWasQuotedIsTheSameUnquoted) {
  for (const std::string text : {"a b", "it's", "a\"$`\\b", "~x#y!", "a:b=c", "ü*?[]{}()<>|&;"}) {
    EXPECT_EQ(unquote(quote(text, '\0')).text, text);
    EXPECT_EQ(unquote('"' + quote(text, '"') + '"').text, text);
    EXPECT_EQ(unquote('\'' + quote(text, '\'') + '\'').text, text);
  }
  EXPECT_EQ(quote("a:b=c", '\0'), "a:b=c");
}

}  // namespace
}  // namespace coord::cli
