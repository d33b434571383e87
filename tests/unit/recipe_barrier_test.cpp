#include "coord/recipe/barrier.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

class BarrierTest : public testing::Test {
 protected:
  const HolderInfo us_{.host = "h", .pid = 1};
  fake::FakeEtcd server_;
  std::unique_ptr<etcd::Client> client_ = fake::client_of(server_);
  Barrier barrier_{*client_, "x"};

  bool is_watched() const {
    return server_.until([&] { return !server_.watches().empty(); }, 20s);
  }
  // wait() in a thread of its own.
  std::future<Result<std::int64_t>> begin_wait(std::stop_token stop = {}) {
    return std::async(std::launch::async,
                      [this, stop] { return barrier_.wait(Context(stop).at_most(20s)); });
  }
  static bool waits(const std::future<Result<std::int64_t>>& wait) {
    return wait.wait_for(0s) != std::future_status::ready;
  }
};

TEST_F(BarrierTest, IsHeldOnceAndReleased) {
  const auto held = barrier_.hold(soon(), us_);
  ASSERT_TRUE(held) << why(held);
  EXPECT_EQ(HolderInfo::from_json(*server_.value("x"))->host, "h");
  EXPECT_EQ(server_.keys(), std::vector<std::string>{"x"});
  const auto again = barrier_.hold(soon(), us_);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::busy);
  EXPECT_EQ(barrier_.release(soon()).value_or(false), true);
  EXPECT_EQ(barrier_.release(soon()).value_or(true), false);
  EXPECT_TRUE(server_.keys().empty());
}

TEST_F(BarrierTest, ALostReplyOfHoldIsHeldByUs) {
  server_.drop_reply("Txn", 2);
  const auto held = barrier_.hold(soon(), us_);
  ASSERT_TRUE(held) << why(held);
  EXPECT_LT(held->create_revision, held->revision + 1);
  EXPECT_GE(server_.calls("Txn"), 3);
}

TEST_F(BarrierTest, ReleaseIsAPutAndADeletionInTwoRevisions) {
  ASSERT_TRUE(barrier_.hold(soon(), us_));
  const auto before = server_.revision();
  server_.drop_reply("Txn");
  ASSERT_TRUE(barrier_.release(soon()));
  EXPECT_GE(server_.revision(), before + 2);
  EXPECT_TRUE(server_.keys().empty());
}

TEST_F(BarrierTest, AnOpenBarrierLetsPassInOneRead) {
  EXPECT_TRUE(barrier_.wait(soon()));
  EXPECT_TRUE(server_.watches().empty());
  server_.put("x2", "");
  EXPECT_TRUE(barrier_.wait(soon()));
}

TEST_F(BarrierTest, AWaiterPassesWhenItIsReleased) {
  ASSERT_TRUE(barrier_.hold(soon(), us_));
  auto wait = begin_wait();
  ASSERT_TRUE(is_watched());
  server_.put("other", "");
  EXPECT_TRUE(waits(wait));
  ASSERT_TRUE(barrier_.release(soon()));
  const auto passed = wait.get();
  EXPECT_TRUE(passed) << why(passed);
}

TEST_F(BarrierTest, APutAloneLetsNobodyPass) {
  server_.put("x", "");
  auto wait = begin_wait();
  ASSERT_TRUE(is_watched());
  server_.put("x", "again");
  server_.break_watch_streams();
  ASSERT_TRUE(server_.until([&] { return server_.watches().size() > 1; }, 20s));
  EXPECT_TRUE(waits(wait));
  server_.remove("x");
  EXPECT_TRUE(wait.get());
}

TEST_F(BarrierTest, ABarrierThatWasOpenInBetweenCounts) {
  server_.put("x", "");
  auto wait = begin_wait();
  ASSERT_TRUE(is_watched());
  server_.stop();
  server_.remove("x");
  server_.put("x", "");
  server_.compact(server_.revision());
  server_.start();
  EXPECT_TRUE(wait.get());
}

TEST_F(BarrierTest, CompactionAndBrokenStreamsAreNoEnd) {
  server_.put("x", "");
  auto wait = begin_wait();
  ASSERT_TRUE(is_watched());
  for (int i = 0; i < 3; ++i) {
    server_.put("other", "");
    server_.compact(server_.revision());
    server_.break_watch_streams();
    EXPECT_TRUE(waits(wait));
  }
  server_.remove("x");
  EXPECT_TRUE(wait.get());
}

TEST_F(BarrierTest, AnOutageEndsNoWait) {
  server_.put("x", "");
  auto wait = begin_wait();
  ASSERT_TRUE(is_watched());
  server_.stop();
  ASSERT_TRUE(server_.until([&] { return client_->trouble().has_value(); }, 20s));
  EXPECT_TRUE(waits(wait));
  server_.start();
  server_.remove("x");
  EXPECT_TRUE(wait.get());
}

TEST_F(BarrierTest, TimeLimitAndStopEndTheWait) {
  server_.put("x", "");
  EXPECT_EQ(barrier_.wait(Context::within(200ms)).error().code, Code::timed_out);
  std::stop_source source;
  auto wait = begin_wait(source.get_token());
  source.request_stop();
  EXPECT_EQ(wait.get().error().code, Code::cancelled);
}

TEST_F(BarrierTest, WithALeaseItOpensWhenItsHolderDies) {
  auto session = etcd::Session::open(*client_, soon(), 60s);
  ASSERT_TRUE(session);
  const auto held = barrier_.hold(soon(), us_, (*session)->lease());
  ASSERT_TRUE(held) << why(held);
  auto wait = begin_wait();
  ASSERT_TRUE(is_watched());
  server_.expire_lease((*session)->lease());
  EXPECT_TRUE(wait.get());
  const auto late = barrier_.hold(soon(), us_, (*session)->lease());
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::lost);
}

}  // namespace
}  // namespace coord::recipe
