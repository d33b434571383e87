#include "run_course_support.hpp"

namespace coord::run {
namespace {

class SharedTerminalTest : public CourseTest {
 protected:
  SharedTerminalTest() { use({.shares_terminal = true, .grace = 3s}); }
};

TEST_F(CourseTest, WhileWaitingASignalLeavesTheQueue) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    use({.grace = 3s});
    EXPECT_EQ(signal(number), Words{tell(kCancel)});
    EXPECT_EQ(signal(SIGTERM), kNothing);  // said already
    EXPECT_EQ(course_.next_time(), now_ + 5s);
    EXPECT_EQ(finished(), Words{"finish"});
    EXPECT_EQ(result().ended_by, number);
  }
}

TEST_F(CourseTest, WhileWaitingOthersDoNothing) {
  EXPECT_EQ(signal(SIGUSR1), Words{tell(kReport)});
  EXPECT_EQ(signal(SIGUSR2), kNothing);
  EXPECT_EQ(signal(SIGWINCH), kNothing);
  EXPECT_EQ(signal(SIGTSTP), Words{"stop_self"});
  EXPECT_EQ(signal(SIGCONT), kNothing);
  EXPECT_EQ(course_.received(), (std::set<int>{SIGUSR1, SIGUSR2, SIGWINCH, SIGTSTP, SIGCONT}));
}

TEST_F(CourseTest, ASecondIntSkipsTheCleanUp) {
  signal(SIGINT);
  wait(1s);
  EXPECT_EQ(signal(SIGINT), kNothing);
  EXPECT_EQ(course_.next_time(), now_ + 200ms);
  wait(200ms);
  EXPECT_EQ(time(), (Words{"kill_all", "finish"}));
  EXPECT_EQ(result().ended_by, SIGINT);
}

TEST_F(CourseTest, AnIntThatComesLateIsNoSecondOne) {
  signal(SIGINT);
  wait(2s);
  signal(SIGINT);
  EXPECT_EQ(course_.next_time(), now_ + 3s);
}

TEST_F(CourseTest, ASignalThatCrossesTheStartIsForwarded) {
  deadline(11s, 14s);
  EXPECT_EQ(signal(SIGTERM), Words{tell(kCancel)});
  EXPECT_EQ(say(kStarted, 4711), Words{forward(SIGTERM)});
  EXPECT_EQ(course_.next_time(), now_ + 11s);
  say(kEnded, SIGTERM);
  finished();
  EXPECT_FALSE(result().ended_by);
}

TEST_F(CourseTest, WhileTheCommandRunsAllGoToIt) {
  start();
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGTSTP}) {
    EXPECT_EQ(signal(number), Words{forward(number)});
  }
}

TEST_F(CourseTest, WithoutASharedTerminalItsKeysArePassedOn) {
  start();
  EXPECT_EQ(key(SIGINT), Words{forward(SIGINT)});
}

TEST_F(SharedTerminalTest, KeysReachTheCommandByThemselves) {
  start();
  for (const int number : {SIGINT, SIGQUIT, SIGTSTP, SIGHUP, SIGWINCH}) {
    EXPECT_EQ(key(number), kNothing);
  }
  EXPECT_EQ(signal(SIGTERM), Words{forward(SIGTERM)});
}

TEST_F(SharedTerminalTest, TwoIntsFromTheKeyboardKill) {
  start();
  key(SIGINT);
  wait(1s);
  EXPECT_EQ(key(SIGINT), Words{"kill_tree"});
  say(kEnded, SIGKILL);
  EXPECT_EQ(finished(), Words{"finish"});
  EXPECT_EQ(result().ended_by, SIGINT);
}

TEST_F(CourseTest, TwoIntsKillTheCommandWhileItRunsAndWhileItIsBeingStopped) {
  start();
  EXPECT_EQ(signal(SIGINT), Words{forward(SIGINT)});
  wait(1999ms);
  EXPECT_EQ(signal(SIGINT), Words{"kill_tree"});
  use({.grace = 3s});
  start();
  say(kLost, 0, "gone");
  EXPECT_EQ(signal(SIGINT), Words{forward(SIGINT)});
  EXPECT_EQ(signal(SIGINT), Words{"kill_tree"});
  EXPECT_EQ(result().lost, "gone");
}

TEST_F(CourseTest, TwoSlowIntsAreForwarded) {
  start();
  signal(SIGINT);
  wait(2s);
  EXPECT_EQ(signal(SIGINT), Words{forward(SIGINT)});
}

TEST_F(CourseTest, NothingIsForwardedOnceTheCommandHasEnded) {
  start();
  say(kEnded, 0);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH}) {
    for (const std::string& word : signal(number)) EXPECT_EQ(word.find("forward"), word.npos);
  }
}

// CMD did not notice, but a shell's loop must stop all the same.
TEST_F(CourseTest, AnIntWhileGivingBackEndsUsByIt) {
  for (const int number : {SIGTERM, SIGINT}) {
    use({.grace = 3s});
    start();
    say(kEnded, 0);
    EXPECT_EQ(signal(number), kNothing);
    finished();
    EXPECT_EQ(result().ended_by.has_value(), number == SIGINT);
  }
}

TEST_F(CourseTest, ASignalBeforeTheStartKeepsTheCommandFromStarting) {
  deadline(11s, 14s);
  signal(SIGTERM);
  EXPECT_EQ(say(kReady), kNothing);
  EXPECT_EQ(finished(), Words{"finish"});
  EXPECT_EQ(result().ended_by, SIGTERM);
}

TEST_F(CourseTest, AStopThatWasAskedForStopsUsToo) {
  start();
  EXPECT_EQ(say(kStopped), kNothing);  // somebody else's
  signal(SIGTSTP);
  EXPECT_EQ(say(kStopped), Words{"stop_self"});
  EXPECT_EQ(say(kStopped), kNothing);
}

TEST_F(SharedTerminalTest, EveryStopOfTheCommandStopsUs) {
  start();
  EXPECT_EQ(say(kStopped), Words{"stop_self"});
}

TEST_F(CourseTest, ContinuingLooksAtTheDeadlineFirst) {
  start();
  EXPECT_EQ(signal(SIGCONT), Words{forward(SIGCONT)});
  wait(12s);
  EXPECT_EQ(signal(SIGCONT), (Words{tell(kTimeUp), "term_tree"}));
  EXPECT_EQ(signal(SIGCONT), kNothing);
}

TEST_F(CourseTest, ASignalEndsAHoldWithoutACommand) {
  say(kHolding);
  EXPECT_EQ(signal(SIGTERM), Words{tell(kCancel)});
  EXPECT_EQ(course_.next_time(), now_ + 5s);
  finished();
  const CourseResult end = result();
  EXPECT_EQ(end.ended_by, SIGTERM);
  EXPECT_TRUE(end.was_holding);
}

// --- what went wrong once ---

// Were the guardian stopped then, CMD would run on under a shell that shows the job as stopped.
TEST_F(CourseTest, AStopThatCrossesTheStartStopsTheCommandFirst) {
  deadline(11s, 14s);
  ASSERT_EQ(say(kReady), Words{tell(kGo)});
  EXPECT_EQ(signal(SIGTSTP), kNothing);
  EXPECT_EQ(say(kStarted, 4711), Words{forward(SIGTSTP)});
  EXPECT_EQ(say(kStopped), Words{"stop_self"});
}

TEST_F(CourseTest, AStopThatCrossesTheStartAndIsTakenBackStopsNobody) {
  deadline(11s, 14s);
  say(kReady);
  signal(SIGTSTP);
  EXPECT_EQ(signal(SIGCONT), kNothing);
  EXPECT_EQ(say(kStarted, 4711), kNothing);
}

TEST_F(SharedTerminalTest, AKeyThatStopsCrossesTheStartToo) {
  deadline(11s, 14s);
  say(kReady);
  EXPECT_EQ(key(SIGTSTP), kNothing);  // CMD was not in the group yet
  EXPECT_EQ(say(kStarted, 4711), Words{forward(SIGTSTP)});
}

TEST_F(CourseTest, ASignalAfterTheLastWordChangesNothing) {
  start();
  say(kEnded, 0);
  finished();
  EXPECT_EQ(signal(SIGTERM), kNothing);
  EXPECT_FALSE(result().ended_by);
}

TEST_F(CourseTest, GivingUpOnAHoldIsNoLoss) {
  say(kHolding);
  signal(SIGINT);
  signal(SIGINT);
  wait(200ms);
  EXPECT_EQ(time(), (Words{"kill_all", "finish"}));
  const CourseResult end = result();
  EXPECT_FALSE(end.lost) << *end.lost;
  EXPECT_EQ(end.ended_by, SIGINT);
}

TEST_F(CourseTest, GivingUpOnTheHolderOfAKilledCommandIsNoLoss) {
  start();
  signal(SIGINT);
  signal(SIGINT);
  say(kEnded, SIGKILL);
  wait(5s);
  EXPECT_EQ(time(), (Words{"kill_all", "finish"}));
  const CourseResult end = result();
  EXPECT_FALSE(end.lost) << *end.lost;
  EXPECT_EQ(end.ended_by, SIGINT);
}

TEST_F(CourseTest, MoreIntsDoNotLengthenTheWaiting) {
  start();
  signal(SIGINT);
  signal(SIGINT);
  const BootTime end = now_ + 5s;
  wait(1s);
  signal(SIGINT);
  EXPECT_LE(course_.next_time(), end);
}

}  // namespace
}  // namespace coord::run
