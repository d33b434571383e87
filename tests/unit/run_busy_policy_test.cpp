#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "cmd/run/busy_policy.hpp"

namespace coord::run {
namespace {

using namespace std::chrono_literals;
using Step = BusyPolicy::Step;
using Kept = BusyPolicy::Kept;

class BusyPolicyTest : public testing::Test {
 protected:
  void use(OnBusy on_busy, Duration debounce = 0s) {
    policy_ = BusyPolicy({.on_busy = on_busy, .grace = 3s, .debounce = debounce});
  }
  Kept event() { return policy_.on_event(now_); }
  Step step() { return policy_.step(now_); }
  Duration left() const { return policy_.next_time() - now_; }
  void begin() {
    event();
    ASSERT_EQ(step(), Step::start);
    policy_.on_started();
    ASSERT_EQ(step(), Step::none);
  }

  BootTime now_{1h};
  BusyPolicy policy_{BusyOptions{}};
};

TEST_F(BusyPolicyTest, NothingHappensWithoutAnEvent) {
  EXPECT_EQ(step(), Step::none);
  EXPECT_EQ(policy_.next_time(), kNever);
}

TEST_F(BusyPolicyTest, LatestKeepsTheNewestUntilTheCommandHasGone) {
  use(OnBusy::latest);
  begin();
  EXPECT_EQ(event(), Kept::instead);
  EXPECT_EQ(event(), Kept::instead);
  EXPECT_EQ(step(), Step::none);
  EXPECT_EQ(policy_.next_time(), kNever);
  policy_.on_gone();
  EXPECT_EQ(step(), Step::start);
  policy_.on_started();
  policy_.on_gone();
  EXPECT_EQ(step(), Step::none);
}

TEST_F(BusyPolicyTest, QueueKeepsAllAndIsBounded) {
  use(OnBusy::queue);
  begin();
  for (std::size_t i = 0; i < BusyPolicy::kRoom; ++i) {
    EXPECT_TRUE(policy_.has_room());
    EXPECT_EQ(event(), Kept::behind);
  }
  EXPECT_FALSE(policy_.has_room());
  EXPECT_EQ(step(), Step::none);
  for (std::size_t i = 0; i < BusyPolicy::kRoom; ++i) {
    policy_.on_gone();
    EXPECT_EQ(step(), Step::start);
    policy_.on_started();
    EXPECT_TRUE(policy_.has_room());
  }
  policy_.on_gone();
  EXPECT_EQ(step(), Step::none);
}

TEST_F(BusyPolicyTest, RestartSaysTermThenKillsAndThenStarts) {
  use(OnBusy::restart);
  begin();
  event();
  EXPECT_EQ(step(), Step::term);
  EXPECT_TRUE(policy_.is_stopping());
  EXPECT_EQ(step(), Step::none);
  EXPECT_EQ(left(), 3s);
  event();
  EXPECT_EQ(step(), Step::none);
  now_ += 3s;
  EXPECT_EQ(step(), Step::kill);
  EXPECT_EQ(step(), Step::none);
  now_ += left();
  EXPECT_EQ(step(), Step::kill);
  policy_.on_gone();
  EXPECT_EQ(step(), Step::start);
  policy_.on_started();
  EXPECT_EQ(step(), Step::none);
  EXPECT_FALSE(policy_.is_stopping());
}

TEST_F(BusyPolicyTest, SignalTellsOnceAndStartsNothingForIt) {
  use(OnBusy::signal);
  begin();
  event();
  EXPECT_EQ(step(), Step::signal);
  EXPECT_EQ(step(), Step::none);
  policy_.on_gone();
  EXPECT_EQ(step(), Step::none);
  event();
  EXPECT_EQ(step(), Step::start);
}

TEST_F(BusyPolicyTest, DropForgetsWhatComesWhileBusy) {
  use(OnBusy::drop);
  begin();
  EXPECT_EQ(event(), Kept::no);
  policy_.on_gone();
  EXPECT_EQ(step(), Step::none);
  EXPECT_EQ(event(), Kept::instead);
  EXPECT_EQ(step(), Step::start);
}

TEST_F(BusyPolicyTest, DebounceWaitsForQuietButNotForEver) {
  use(OnBusy::latest, 1s);
  event();
  EXPECT_EQ(step(), Step::none);
  EXPECT_EQ(left(), 1s);
  now_ += 900ms;
  event();
  EXPECT_EQ(left(), 1s);
  now_ += 1s;
  EXPECT_EQ(step(), Step::start);
  policy_.on_started();
  policy_.on_gone();

  const BootTime first = now_;
  event();
  while (step() == Step::none) {
    now_ += 500ms;
    event();
  }
  EXPECT_EQ(now_ - first, 10s);
  EXPECT_EQ(step(), Step::start);
}

TEST_F(BusyPolicyTest, DebounceHoldsForRestartsAndSignalsToo) {
  for (const auto& [on_busy, wanted] :
       {std::pair{OnBusy::restart, Step::term}, std::pair{OnBusy::signal, Step::signal}}) {
    use(on_busy, 1s);
    event();
    now_ += 1s;
    ASSERT_EQ(step(), Step::start);
    policy_.on_started();
    event();
    EXPECT_EQ(step(), Step::none);
    EXPECT_EQ(left(), 1s);
    now_ += 1s;
    EXPECT_EQ(step(), wanted);
  }
}

TEST_F(BusyPolicyTest, WhatIsForgottenStartsNothing) {
  use(OnBusy::restart);
  begin();
  event();
  policy_.forget();
  EXPECT_EQ(step(), Step::none);
  EXPECT_EQ(policy_.next_time(), kNever);
}

TEST_F(BusyPolicyTest, EndStopsTheCommandAndStartsNoOther) {
  use(OnBusy::queue);
  begin();
  event();
  policy_.end(now_);
  EXPECT_EQ(policy_.waiting(), 0U);
  EXPECT_EQ(event(), Kept::no);
  EXPECT_EQ(step(), Step::term);
  EXPECT_EQ(left(), 3s);
  policy_.end(now_);
  EXPECT_EQ(step(), Step::kill);
  policy_.on_gone();
  EXPECT_EQ(step(), Step::none);
  EXPECT_EQ(policy_.next_time(), kNever);
}

TEST_F(BusyPolicyTest, EndWhileRestartingKeepsTheFirstDeadline) {
  use(OnBusy::restart);
  begin();
  event();
  ASSERT_EQ(step(), Step::term);
  now_ += 1s;
  policy_.end(now_);
  EXPECT_EQ(step(), Step::none);
  EXPECT_EQ(left(), 2s);
}

}  // namespace
}  // namespace coord::run
