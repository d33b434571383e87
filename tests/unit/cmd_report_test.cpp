#include <gtest/gtest.h>
#include <pty.h>

#include <cstdlib>

#include "cmd/cli/report.hpp"
#include "cmd/cli/rewritten_line.hpp"
#include "cmd_captured_env.hpp"

// NOLINTBEGIN(concurrency-mt-unsafe): there are no threads here to see the environment change
namespace coord::cli {
namespace {

TEST(FormatError, IsOneLineAndAtMostOneHint) {
  EXPECT_EQ(format_error({Code::usage, "get: KEY is missing", ""}, false),
            "coord: get: KEY is missing");
  EXPECT_EQ(format_error({Code::usage, "a", "b"}, false), "coord: a\nhint: b");
}

TEST(FormatError, MakesControlBytesVisible) {
  EXPECT_EQ(format_error({Code::usage, "a\nb\x1b[2J", "c\r"}, false),
            "coord: a\\nb\\x1b[2J\nhint: c\\r");
}

TEST(FormatError, ColoursOnlyOnDemand) {
  EXPECT_EQ(format_error({Code::usage, "a", "b"}, true),
            "\x1b[1;31mcoord:\x1b[0m a\n\x1b[2mhint: b\x1b[0m");
}

TEST(Spoken, IsInTheWordsOfTheProgramsName) {
  EXPECT_EQ(spoken({Code::usage, "a", "b"}, false), "coord: a\nhint: b");
  speak_as([](const Error& error, bool) { return "Error: " + error.message; });
  EXPECT_EQ(spoken({Code::usage, "a", "b"}, false), "Error: a");
  speak_as(format_error);
}

TEST(WantsColor, ObeysTheFlagThenTheEnvironmentThenTheTerminal) {
  const Capture file;
  ::unsetenv("NO_COLOR");
  ::unsetenv("CLICOLOR_FORCE");
  EXPECT_TRUE(wants_color(Color::always, file.fd()));
  EXPECT_FALSE(wants_color(Color::automatic, file.fd()));
  ::setenv("CLICOLOR_FORCE", "1", 1);
  EXPECT_TRUE(wants_color(Color::automatic, file.fd()));
  EXPECT_FALSE(wants_color(Color::never, file.fd()));
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(wants_color(Color::automatic, file.fd()));
  EXPECT_TRUE(wants_color(Color::always, file.fd()));
  ::unsetenv("NO_COLOR");
  ::unsetenv("CLICOLOR_FORCE");
}

TEST(TerminalColumns, AreThoseOfTheTerminalOr80) {
  int master = -1;
  int slave = -1;
  const winsize size{24, 77, 0, 0};
  ASSERT_EQ(openpty(&master, &slave, nullptr, nullptr, &size), 0);
  EXPECT_EQ(terminal_columns(slave), 77U);
  const Capture file;
  EXPECT_EQ(terminal_columns(file.fd()), 80U);
  close(master);
  close(slave);
}

}  // namespace
}  // namespace coord::cli
// NOLINTEND(concurrency-mt-unsafe)
