#include <gtest/gtest.h>

#include "cmd/commands/shared/lock_claim.hpp"
#include "cmd/run/acquirer.hpp"
#include "cmd_captured_env.hpp"
#include "recipe_support.hpp"

namespace coord::run {
namespace {

using namespace std::chrono_literals;
using recipe::LockTest;

class ClaimTest : public LockTest {
 protected:
  using Ended = std::optional<Result<Taken>>;

  static Plan plan(const std::vector<std::string>& names, std::optional<Duration> timeout = {}) {
    Plan plan;
    plan.ttl = 60s;
    plan.timeout = timeout;
    plan.claim = std::make_unique<commands::LockClaim>(
        names, timeout != Duration{0}, recipe::HolderInfo{.host = "h", .pid = 1}, "");
    return plan;
  }
  // Of `lock -w json a`, without CMD.
  static Plan showing_plan(std::optional<Duration> timeout = {}) {
    Plan plan = ClaimTest::plan({"a"}, timeout);
    static_cast<commands::LockClaim&>(*plan.claim).show_keys();
    return plan;
  }
  void begin(const BootTime give_up_at = kNever) {
    auto client = env_.env().client();
    ASSERT_TRUE(client) << fake::why(client);
    acquirer_.emplace(env_.env(), **client, plan_, give_up_at, changed_);
  }
  // The acquirer's result, once it has one.
  Ended end() {
    Ended ended;
    EXPECT_TRUE(server_.until([&] { return (ended = acquirer_->take()).has_value(); }, 20s));
    return ended;
  }
  static Code code(const Ended& ended) {
    return ended && !*ended ? ended->error().code : Code::internal;
  }
  std::string own_key(const std::string& name) const {
    return layout::lock_key(name, acquirer_->lease());
  }

  cli::CapturedEnv env_{server_.endpoint()};
  Notifier changed_;
  Plan plan_ = plan({"a"});
  std::optional<Acquirer> acquirer_;
};

TEST_F(ClaimTest, SeveralLocksOfOneLease) {
  plan_ = plan({"a", "b"});
  begin();
  const Ended ended = end();
  ASSERT_TRUE(ended && *ended) << fake::why(*ended);
  EXPECT_EQ((*ended)->held.size(), 2U);
  EXPECT_EQ(server_.keys(), (std::vector{own_key("a"), own_key("b")}));
}

TEST_F(ClaimTest, CancellingLeavesNothingBehind) {
  server_.put("a/1", "");
  begin();
  ASSERT_TRUE(server_.until([&] { return watched("a/1") > 0; }));
  acquirer_->cancel();
  EXPECT_EQ(code(end()), Code::cancelled);
  EXPECT_EQ(server_.keys(), std::vector<std::string>{"a/1"});
  EXPECT_TRUE(server_.leases().empty());
}

TEST_F(ClaimTest, ABusyLockLeavesNothingBehind) {
  plan_ = plan({"a", "b"}, 0s);
  server_.put("b/1", "");
  begin();
  EXPECT_EQ(code(end()), Code::busy);
  EXPECT_EQ(server_.keys(), std::vector<std::string>{"b/1"});
  EXPECT_TRUE(server_.leases().empty());
}

// The reading of the key for `-w json`.
TEST_F(ClaimTest, WhoDoesNotWaitIsNotKeptByAKeyThatCannotBeRead) {
  plan_ = showing_plan(0s);
  server_.refuse("Range", 14, "no", 10000);
  begin();
  EXPECT_EQ(code(end()), Code::unavailable);
  EXPECT_TRUE(server_.keys().empty());
  EXPECT_TRUE(server_.leases().empty());
}

TEST_F(ClaimTest, ATimeLimitIsThatOfReadingTheKeyToo) {
  plan_ = showing_plan(300ms);
  server_.refuse("Range", 14, "no", 10000);
  begin(after(BootClock::now(), 300ms));
  EXPECT_EQ(code(end()), Code::timed_out);
  EXPECT_TRUE(server_.keys().empty());
}

TEST_F(ClaimTest, BeginsAgainWhenItsKeyGoesBeforeItWasShown) {
  plan_ = showing_plan();
  server_.refuse("Range", 14, "no", 100);
  begin();
  ASSERT_TRUE(server_.until([&] { return !server_.keys().empty(); }));
  const std::int64_t first = acquirer_->lease();
  ASSERT_TRUE(server_.expire_lease(first));
  const Ended ended = end();
  ASSERT_TRUE(ended && *ended) << fake::why(*ended);
  EXPECT_NE((*ended)->held.front().lease, first);
  EXPECT_EQ(server_.keys(), std::vector{own_key("a")});
}

TEST_F(ClaimTest, ATimeLimitLeavesNothingBehind) {
  plan_ = plan({"a"}, 300ms);
  server_.put("a/1", "");
  begin(after(BootClock::now(), 300ms));
  EXPECT_EQ(code(end()), Code::timed_out);
  EXPECT_TRUE(server_.leases().empty());
}

TEST_F(ClaimTest, BeginsAgainWhenItsLeaseEndsWhileItWaits) {
  server_.put("a/1", "");
  begin();
  ASSERT_TRUE(server_.until([&] { return watched("a/1") > 0; }));
  const std::int64_t first = acquirer_->lease();
  server_.expire_lease(first);
  ASSERT_TRUE(server_.until([&] { return watched("a/1") > 1; }));
  server_.remove("a/1");
  const Ended ended = end();
  ASSERT_TRUE(ended && *ended) << fake::why(*ended);
  EXPECT_NE(acquirer_->lease(), first);
}

TEST_F(ClaimTest, DestroyedInTheMiddleOfAWait) {
  server_.put("a/1", "");
  begin();
  ASSERT_TRUE(server_.until([&] { return watched("a/1") > 0; }));
  server_.never_answer(true);
  const BootTime start = BootClock::now();
  acquirer_.reset();
  EXPECT_LT(BootClock::now() - start, 5s);
}

// --- what went wrong once ---

// The lease ends while it waits for the first lock; the put of the second finds that out.
TEST_F(ClaimTest, BeginsAgainWhenItsLeaseEndedBetweenTwoLocks) {
  plan_ = plan({"a", "b"});
  server_.delay(100ms);
  begin();
  ASSERT_TRUE(server_.until([&] { return server_.calls("Txn") >= 2; }, 20s));
  server_.expire_lease(acquirer_->lease());
  server_.delay(0ms);
  const Ended ended = end();
  ASSERT_TRUE(ended && *ended) << fake::why(*ended);
  EXPECT_EQ(server_.keys(), (std::vector{own_key("a"), own_key("b")}));
}

// Somebody else may have the first one by now: CMD must not start.
TEST_F(ClaimTest, NotAcquiredWhenTheFirstLockIsLostWhileTheSecondIsWaitedFor) {
  plan_ = plan({"a", "b"}, 3s);
  server_.put("b/1", "");
  begin(after(BootClock::now(), 3s));
  ASSERT_TRUE(server_.until([&] { return watched("b/1") > 0; }));
  server_.remove(own_key("a"));
  server_.put("a/somebody", "");
  server_.remove("b/1");
  const Ended ended = end();
  ASSERT_TRUE(ended.has_value());
  EXPECT_FALSE(*ended) << "holds '" << (*ended)->held.front().key << "', which is gone";
}

}  // namespace
}  // namespace coord::run
