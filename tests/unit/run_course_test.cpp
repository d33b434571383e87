#include "run_course_support.hpp"

namespace coord::run {
namespace {

TEST_F(CourseTest, NothingIsDueBeforeAnythingHappens) {
  EXPECT_EQ(course_.next_time(), kNever);
  EXPECT_EQ(time(), kNothing);
}

TEST_F(CourseTest, ACommandThatEndsByItself) {
  start();
  EXPECT_EQ(say(kEnded, 0x0700), kNothing);
  EXPECT_EQ(finished(), Words{"finish"});
  const CourseResult end = result();
  EXPECT_EQ(end.command_status, 0x0700);
  EXPECT_TRUE(end.last);
  EXPECT_FALSE(end.lost);
  EXPECT_FALSE(end.ended_by);
}

// Whoever would hold again after a loss must know of it.
TEST_F(CourseTest, ASignalAfterTheLastWordIsRemembered) {
  finished();
  EXPECT_EQ(signal(SIGTERM), kNothing);
  EXPECT_TRUE(course_.received().contains(SIGTERM));
}

TEST_F(CourseTest, TheDeadlineThatWasToldLastCounts) {
  start();
  EXPECT_EQ(course_.next_time(), now_ + 11s);
  wait(4s);
  deadline(11s, 14s);
  EXPECT_EQ(course_.next_time(), now_ + 11s);
  wait(10s);
  EXPECT_EQ(time(), kNothing);
}

TEST_F(CourseTest, TermAtTheDeadlineAndKillAfterTheGrace) {
  start();
  wait(11s);
  EXPECT_EQ(time(), (Words{tell(kTimeUp), "term_tree"}));
  EXPECT_EQ(course_.next_time(), now_ + 3s);
  EXPECT_EQ(time(), kNothing);
  wait(3s);
  EXPECT_EQ(time(), Words{"kill_tree"});
  EXPECT_EQ(say(kEnded, SIGKILL), kNothing);
  EXPECT_EQ(finished(), Words{"finish"});
  EXPECT_TRUE(result().lost);
}

TEST_F(CourseTest, ADeadlineThatPassedWhileWeWereStopped) {
  start();
  wait(1h);
  EXPECT_EQ(time(), (Words{tell(kTimeUp), "kill_tree"}));
}

TEST_F(CourseTest, ARenewalAfterTermDoesNotPutOffTheKill) {
  start();
  wait(11s);
  time();
  deadline(11s, 14s);
  EXPECT_EQ(course_.next_time(), now_ + 3s);
  wait(3s);
  EXPECT_EQ(time(), Words{"kill_tree"});
}

TEST_F(CourseTest, LostWhileTheCommandRuns) {
  start();
  EXPECT_EQ(say(kLost, 0, "its key was deleted"), Words{"term_tree"});
  EXPECT_EQ(course_.next_time(), now_ + 3s);  // the grace, though the lease lives on
  EXPECT_EQ(say(kLost, 0, "again"), kNothing);
  say(kEnded, SIGTERM);
  EXPECT_EQ(finished(), Words{"finish"});
  EXPECT_EQ(result().lost, "its key was deleted");
}

TEST_F(CourseTest, LostShortlyBeforeTheEndOfTheLeaseKeepsItsDeadline) {
  start();
  wait(10s);
  deadline(1s, 2s);
  say(kLost, 0, "gone");
  EXPECT_EQ(course_.next_time(), now_ + 2s);
}

TEST_F(CourseTest, LostWithoutACommand) {
  deadline(11s, 14s);
  say(kHolding);
  EXPECT_EQ(say(kLost, 0, "gone"), kNothing);
  EXPECT_EQ(finished(), Words{"finish"});
  EXPECT_EQ(result().lost, "gone");
}

TEST_F(CourseTest, TheHolderIsKilledWhenItDoesNotEndAfterTheKill) {
  start();
  wait(14s);
  time();
  EXPECT_LE(course_.next_time(), now_ + 5s);
  wait(5s);
  EXPECT_EQ(time(), (Words{"kill_all", "finish"}));
  EXPECT_EQ(time(), kNothing);
}

TEST_F(CourseTest, TheHolderDiesWhileWeWait) {
  EXPECT_EQ(gone(), (Words{"kill_all", "finish"}));
  const CourseResult end = result();
  EXPECT_FALSE(end.lost);
  EXPECT_FALSE(end.last);
}

TEST_F(CourseTest, TheHolderDiesWhileTheCommandRuns) {
  start();
  EXPECT_EQ(gone(), (Words{"kill_all", "finish"}));
  EXPECT_TRUE(result().lost);
}

TEST_F(CourseTest, TheHolderDiesWhileItHolds) {
  say(kHolding);
  EXPECT_EQ(gone(), (Words{"kill_all", "finish"}));
  EXPECT_TRUE(result().lost);
}

TEST_F(CourseTest, TheHolderDiesWhileTheCommandIsBeingStopped) {
  start();
  say(kLost, 0, "its key was deleted");
  EXPECT_EQ(gone(), (Words{"kill_all", "finish"}));
  EXPECT_EQ(result().lost, "its key was deleted");
}

TEST_F(CourseTest, TheHolderDiesWhileItGivesBack) {
  start();
  say(kEnded, 0);
  gone();
  const CourseResult end = result();
  EXPECT_FALSE(end.lost);
  EXPECT_EQ(end.command_status, 0);
}

TEST_F(CourseTest, AnEndOfTheChannelAfterTheLastWordIsNoNews) {
  start();
  say(kEnded, 0);
  finished();
  EXPECT_EQ(gone(), kNothing);
  EXPECT_TRUE(result().last);
}

TEST_F(CourseTest, StdinsEndEndsAHold) {
  say(kHolding);
  EXPECT_EQ(words(course_.on_input_end()), Words{tell(kCancel)});
  EXPECT_EQ(finished(), Words{"finish"});
  EXPECT_FALSE(result().ended_by);
}

TEST_F(CourseTest, StdinsEndWhileWaitingEndsTheHoldOnceItBegins) {
  EXPECT_EQ(words(course_.on_input_end()), kNothing);
  EXPECT_EQ(say(kHolding), Words{tell(kCancel)});
}

TEST_F(CourseTest, TheCommandStartsWhenTheGuardianSaysSo) {
  deadline(11s, 14s);
  EXPECT_EQ(say(kReady), Words{tell(kGo)});
}

// With a tree that counts, the command is not over when its first process is.
TEST_F(CourseTest, WhatTheCommandStartedIsWatchedOver) {
  use({.wait_tree = true, .grace = 3s});
  start();
  EXPECT_EQ(say(kEnded, 0), kNothing);
  EXPECT_EQ(signal(SIGTERM), Words{forward(SIGTERM)});
  wait(11s);
  EXPECT_EQ(time(), (Words{tell(kTimeUp), "term_tree"}));
}

// --- what is settled once the command has ended (Claim::settle) ---

TEST_F(CourseTest, WhatIsSettledMayTakeItsTime) {
  use({.grace = 3s, .settle_limit = 1h});
  start();
  say(kEnded, 0);
  EXPECT_GT(course_.next_time(), now_ + 1h);
}

TEST_F(CourseTest, ASignalEndsTheSettling) {
  use({.grace = 3s, .settle_limit = 1h});
  start();
  say(kEnded, 0);
  EXPECT_EQ(signal(SIGTERM), Words{tell(kCancel)});
  EXPECT_LT(course_.next_time(), now_ + 1min);
  finished();
  EXPECT_EQ(result().ended_by, SIGTERM);
}

TEST_F(CourseTest, AHolderThatDiesWhileItSettlesHasNotDoneIt) {
  use({.grace = 3s, .settle_limit = 1h});
  start();
  say(kEnded, 0);
  gone();
  const auto last = result().last;
  ASSERT_TRUE(last);
  EXPECT_EQ(last->a, static_cast<std::int64_t>(Code::lost));
}

TEST_F(CourseTest, AHoldIsEndedByTheFirstSignalAndItsSettlingByTheSecond) {
  use({.grace = 3s, .settle_limit = 1h});
  say(kHolding);
  EXPECT_EQ(signal(SIGTERM), Words{tell(kCancel)});
  EXPECT_GT(course_.next_time(), now_ + 1h);
  EXPECT_EQ(signal(SIGTERM), Words{tell(kCancel)});
  EXPECT_LT(course_.next_time(), now_ + 1min);
}

// --- what went wrong once ---

// The holder is stopped right after it has started CMD, before it could say so.
TEST_F(CourseTest, TheDeadlineHoldsBeforeTheHolderHasSaidStarted) {
  deadline(11s, 14s);
  say(kReady);
  EXPECT_LE(course_.next_time(), now_ + 14s);
  wait(14s);
  const Words done = time();
  EXPECT_TRUE(!done.empty() && done.front().starts_with("kill")) << testing::PrintToString(done);
}

TEST_F(CourseTest, AStartHeardOfAfterTheKillDoesNotSpareTheCommand) {
  deadline(11s, 14s);
  say(kReady);
  wait(14s);
  time();
  deadline(11s, 14s);  // the holder goes on, and etcd has answered it
  say(kStarted, 4711);
  wait(250ms);
  EXPECT_EQ(time(), Words{"kill_tree"});
  EXPECT_TRUE(result().lost);
}

TEST_F(CourseTest, GivingBackDoesNotTakeForEver) {
  start();
  say(kEnded, 0);
  EXPECT_LT(course_.next_time(), now_ + 1min);
}

// One round of KILL may miss who is forked at that moment; the lease ends long before patience
// does.
TEST_F(CourseTest, TheKillIsRepeatedUntilNobodyIsLeft) {
  start();
  wait(14s);
  ASSERT_EQ(time(), (Words{tell(kTimeUp), "kill_tree"}));
  EXPECT_LE(course_.next_time(), now_ + 250ms);
  wait(250ms);
  EXPECT_EQ(time(), Words{"kill_tree"});
}

}  // namespace
}  // namespace coord::run
