// Filters: children between two pipes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "coord/base/notifier.hpp"
#include "coord/proc/environment.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/filter.hpp"

namespace coord::proc {
namespace {

class FilterTest : public testing::Test {
 protected:
  FilterTest() { ignore_broken_pipes(); }

  static std::expected<FilterEnd, StartError> shell(const std::string& script,
                                                    std::string_view input,
                                                    const FilterLimits& limits = {
                                                        .output = 1 << 24}) {
    ChildSpec spec;
    spec.argv = {"bash", "-c", script};
    spec.environment = Environment(environ).list();
    return run_filter(std::move(spec), input, limits);
  }
};

TEST_F(FilterTest, GivesAndTakesEveryByte) {
  const std::string input("a\0b\n\xff", 5);
  const auto end = shell("cat", input);
  ASSERT_TRUE(end) << end.error().error.message;
  EXPECT_EQ(end->output, input);
  EXPECT_EQ(exit_status(end->wait_status), 0);
  EXPECT_EQ(end->why, FilterEnd::Why::ended);
}

TEST_F(FilterTest, LargeDataDoesNotBlockEitherSide) {
  const std::string input(8 << 20, 'x');
  const auto end = shell("cat", input);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output.size(), input.size());
}

TEST_F(FilterTest, InputThatIsLeftUnreadIsNoError) {
  const std::string input(8 << 20, 'x');
  const auto end = shell("exec <&-; echo done", input);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "done\n");
  const auto some = shell("head -c 3", input);
  ASSERT_TRUE(some);
  EXPECT_EQ(some->output, "xxx");
}

TEST_F(FilterTest, AnEmptyInputIsTheEndOfFile) {
  const auto end = shell("wc -c | tr -d ' '", "");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "0\n");
}

TEST_F(FilterTest, TellsHowItEnded) {
  EXPECT_EQ(exit_status(shell("exit 3", "")->wait_status), 3);
  EXPECT_EQ(fatal_signal(shell("kill -KILL $$", "")->wait_status), SIGKILL);
}

TEST_F(FilterTest, OutputOfAChildThatOutlivesItIsTakenToo) {
  const auto end = shell("(sleep 0.1; echo late) & echo early", "");
  ASSERT_TRUE(end);
  EXPECT_EQ(end->output, "early\nlate\n");
}

TEST_F(FilterTest, TooMuchOutputEndsIt) {
  const auto end = shell("yes", "", {.output = 1000});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->why, FilterEnd::Why::too_long);
  EXPECT_EQ(fatal_signal(end->wait_status), SIGKILL);
}

TEST_F(FilterTest, IsStoppedWithTermAndThenKill) {
  Notifier stop;
  stop.post();
  const auto end = shell("sleep 300", "", {.output = 1000, .stop = stop.fd()});
  ASSERT_TRUE(end);
  EXPECT_EQ(end->why, FilterEnd::Why::stopped);
  EXPECT_EQ(fatal_signal(end->wait_status), SIGTERM);
  FilterLimits short_grace{.output = 1000, .stop = -1, .grace = std::chrono::milliseconds{50}};
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  short_grace.stop = ready[0];
  const std::string deaf =
      "trap '' TERM; echo >&" + std::to_string(ready[1]) + "; sleep 300 & wait; wait";
  const auto killed = shell(deaf, "", short_grace);
  ASSERT_TRUE(killed);
  EXPECT_EQ(killed->why, FilterEnd::Why::stopped);
  EXPECT_EQ(fatal_signal(killed->wait_status), SIGKILL);
  close(ready[0]);
  close(ready[1]);
}

// The two ends come at nearly the same instant: whichever is seen first, the other must be too.
TEST_F(FilterTest, TheEndOfOutputAndOfTheProgramMayCrossInAnyOrder) {
  for (int i = 0; i < 400; ++i) {
    ChildSpec spec;
    spec.argv = {"true"};
    spec.environment = Environment(environ).list();
    ASSERT_TRUE(run_filter(std::move(spec), "", {.output = 16})) << i;
  }
}

TEST_F(FilterTest, AProgramThatIsNotThereIsNotStarted) {
  ChildSpec spec;
  spec.argv = {"/nowhere/at/all"};
  const auto end = run_filter(std::move(spec), "", {});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().exit_status, 127);
}

}  // namespace
}  // namespace coord::proc
