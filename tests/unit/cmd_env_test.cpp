#include <gtest/gtest.h>

#include <csignal>

#include "cmd/cli/shell_word.hpp"
#include "cmd/commands/keys/env.hpp"
#include "cmd/commands/keys/env_variables.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;
using run::OnBusy;

std::map<std::string, etcd::KeyValue> keys(
    const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::map<std::string, etcd::KeyValue> result;
  for (const auto& [key, value] : pairs) result[key] = {.key = key, .value = value};
  return result;
}

TEST(EnvVariables, AFolderThatEndsInALetterOrDigitGetsItsSlash) {
  EXPECT_EQ(env_folder("app"), "app/");
  EXPECT_EQ(env_folder("app1"), "app1/");
  EXPECT_EQ(env_folder("app/"), "app/");
  EXPECT_EQ(env_folder("app."), "app.");
  EXPECT_EQ(env_folder("").error().code, Code::usage);
}

TEST(EnvVariables, NamesAreThoseThatAShellTakes) {
  EXPECT_EQ(variable_of("app/db/host-name.x", "app/", false), "db_host_name_x");
  EXPECT_EQ(variable_of("app/db/Host", "app/", true), "DB_HOST");
  EXPECT_EQ(variable_of("app/9", "app/", false), "_9");
  EXPECT_EQ(variable_of("app/a b=c\n", "app/", false), "a_b_c_");
  EXPECT_EQ(variable_of("app/\xc3\xa9", "app/", true), "__");
  EXPECT_EQ(variable_of("app/", "app/", false), "");
}

TEST(EnvVariables, AreOrderedAndWithoutTheFolderItself) {
  const auto variables =
      env_variables(keys({{"a/z", "1"}, {"a/", "x"}, {"a/b", "2"}}), "a/", false);
  ASSERT_TRUE(variables);
  EXPECT_EQ(*variables, (run::Variables{{"b", "2"}, {"z", "1"}}));
}

TEST(EnvVariables, AClashNamesBothKeys) {
  const auto variables = env_variables(keys({{"a/x.y", "1"}, {"a/x/y", "2"}}), "a/", false);
  ASSERT_FALSE(variables);
  EXPECT_EQ(variables.error().code, Code::bad_data);
  EXPECT_EQ(variables.error().message, "'a/x.y' and 'a/x/y' would both be x_y");
  EXPECT_TRUE(env_variables(keys({{"a/x", "1"}, {"a/X", "2"}}), "a/", false));
  EXPECT_FALSE(env_variables(keys({{"a/x", "1"}, {"a/X", "2"}}), "a/", true));
}

TEST(EnvVariables, AValueThatDoesNotFitIsRefusedByItsKey) {
  EXPECT_EQ(env_variables(keys({{"a/x", std::string("1\0", 2)}}), "a/", false).error().message,
            "the value of 'a/x' holds a NUL, which no environment can");
  EXPECT_TRUE(env_variables(keys({{"a/x", std::string(131069, 'v')}}), "a/", false));
  EXPECT_FALSE(env_variables(keys({{"a/x", std::string(131070, 'v')}}), "a/", false));
}

TEST(EnvVariables, InSingleQuotesEveryByteIsKept) {
  EXPECT_EQ(cli::in_single_quotes(""), "''");
  EXPECT_EQ(cli::in_single_quotes("it's $x\n"), "'it'\\''s $x\n'");
}

TEST(ChangeOptions, RestartIsTheDefault) {
  const auto options = change_options({});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->on_busy, OnBusy::restart);
  EXPECT_EQ(options->debounce, 500ms);
  EXPECT_EQ(options->grace, 10s);
}

TEST(ChangeOptions, KnowEachWord) {
  EXPECT_EQ(change_options({.on_change = "restart"})->on_busy, OnBusy::restart);
  EXPECT_EQ(change_options({.on_change = "ignore"})->on_busy, OnBusy::drop);
  EXPECT_EQ(change_options({.on_change = "signal"})->signal, SIGHUP);
  EXPECT_EQ(change_options({.on_change = "signal=USR2"})->signal, SIGUSR2);
  for (const char* word : {"", "signal=", "signal=x", "Restart"})
    EXPECT_EQ(change_options({.on_change = word}).error().code, Code::usage) << word;
}

}  // namespace
}  // namespace coord::commands
