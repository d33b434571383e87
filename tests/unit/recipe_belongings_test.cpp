#include <poll.h>

#include "coord/recipe/belongings.hpp"
#include "coord/recipe/give_back.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

class BelongingsTest : public LockTest {
 protected:
  static constexpr int kDenied = 7;  // gRPC's PERMISSION_DENIED
  static constexpr int kAlways = 1000;

  void SetUp() override {
    server_.put(layout::session_key(one_.lease()), "{}", one_.lease());
    const auto held = one_.lock().acquire(soon());
    ASSERT_TRUE(held) << why(held);
    belongings_.emplace(one_.client(), one_.lease(), changed_);
    ASSERT_TRUE(server_.until([&] { return watched(one_.key()) > 0; }));
  }
  bool told(Duration limit) {
    pollfd entry{.fd = changed_.fd(), .events = POLLIN, .revents = 0};
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(limit);
    return poll(&entry, 1, static_cast<int>(ms.count())) == 1;
  }

  Contestant one_{server_};
  Notifier changed_;
  std::optional<Belongings> belongings_;
};

TEST_F(BelongingsTest, AKeyThatIsDeletedIsLost) {
  server_.remove(one_.key());
  ASSERT_TRUE(told(20s));
  EXPECT_EQ(belongings_->lost()->code, Code::lost);
  EXPECT_NE(belongings_->lost()->message.find("was deleted"), std::string::npos);
}

TEST_F(BelongingsTest, AKeyThatIsTakenOffItsLeaseIsLost) {
  server_.put(one_.key(), "mine");
  ASSERT_TRUE(told(20s));
  EXPECT_NE(belongings_->lost()->message.find("overwritten"), std::string::npos);
}

TEST_F(BelongingsTest, AKeyThatIsGivenBackIsNotLostAndTakenOnceMoreItIsWatchedAgain) {
  const auto given = give_back(one_.client(), soon(), "x", one_.lease());
  ASSERT_TRUE(given) << why(given);
  EXPECT_EQ(*given, 1U);
  ASSERT_TRUE(one_.lock().acquire(soon()));
  ASSERT_TRUE(server_.until([&] { return watched(one_.key()) > 0; }));
  EXPECT_FALSE(belongings_->lost());
  server_.remove(one_.key());
  EXPECT_TRUE(told(20s));
}

TEST_F(BelongingsTest, WhatHasGoneInOrderIsWatchedNoLonger) {
  constexpr int kMany = 20;
  std::vector<std::string> keys;
  for (int i = 0; i < kMany; ++i) {
    const std::string name = "many" + std::to_string(i);
    const auto held = Lock(one_.client(), one_.session(), name, {}).acquire(soon());
    ASSERT_TRUE(held) << why(held);
    keys.push_back(held->key);
  }
  for (const std::string& key : keys) expect_watched(key);
  for (int i = 0; i < kMany; ++i) {
    const auto given = give_back(one_.client(), soon(), "many" + std::to_string(i), one_.lease());
    ASSERT_TRUE(given) << why(given);
  }
  EXPECT_TRUE(server_.until([&] { return server_.calls("WatchCancel") >= kMany; }, 20s));
  EXPECT_FALSE(belongings_->lost());
  server_.remove(one_.key());
  EXPECT_TRUE(told(20s));
}

TEST_F(BelongingsTest, AKeyThatWentUnseenBehindACompactionIsLost) {
  server_.stop();
  server_.remove(one_.key());
  server_.compact(server_.put("other", ""));
  server_.start();
  ASSERT_TRUE(told(20s));
  EXPECT_EQ(belongings_->lost()->code, Code::lost);
}

TEST_F(BelongingsTest, AKeyThatStandsBehindACompactionIsWatchedAgain) {
  server_.stop();
  server_.put("other", "");
  server_.compact(server_.put("other", ""));
  server_.start();
  ASSERT_TRUE(server_.until([&] { return watched(one_.key()) > 2; }));
  EXPECT_FALSE(belongings_->lost());
  server_.remove(one_.key());
  EXPECT_TRUE(told(20s));
}

// Its deletion would go unseen, while the lease is renewed.
TEST_F(BelongingsTest, AKeyThatMayNoLongerBeReadIsLost) {
  for (const char* method : {"Range", "Watch"})
    server_.refuse(method, kDenied, "etcdserver: permission denied", kAlways);
  server_.break_watch_streams();
  ASSERT_TRUE(told(20s));
  EXPECT_NE(belongings_->lost()->message.find("can no longer be looked at"), std::string::npos);
}

// Also when it goes before it is watched again.
TEST_F(BelongingsTest, AKeyWhoseWatchIsRefusedForAWhileIsLostWhenItGoes) {
  server_.refuse("Watch", kDenied, "etcdserver: permission denied", 2);  // it is tried twice
  server_.break_watch_streams();
  ASSERT_TRUE(
      server_.until([&] { return server_.calls("Watch") > 3 && watched(one_.key()) > 1; }, 20s));
  EXPECT_FALSE(belongings_->lost());
  server_.remove(one_.key());
  EXPECT_TRUE(told(20s));
}

TEST_F(BelongingsTest, APlaceInLineThatIsDeletedIsNoLoss) {
  Contestant two{server_};
  server_.put(layout::session_key(two.lease()), "{}", two.lease());
  server_.put(two.key(), "", two.lease());
  Belongings waiting(two.client(), two.lease(), changed_);
  ASSERT_TRUE(server_.until([&] { return watched(two.key()) > 0; }));
  server_.remove(two.key());
  EXPECT_FALSE(told(1s));
  EXPECT_FALSE(waiting.lost());
  server_.put(two.key(), "", two.lease());
  server_.remove(one_.key());  // which makes two the first
  ASSERT_TRUE(told(20s));
  server_.remove(two.key());
  ASSERT_TRUE(server_.until([&] { return waiting.lost().has_value(); }));
}

TEST_F(BelongingsTest, OtherKeysOfTheLeaseAreTheUsersOwn) {
  server_.put("notes", "", one_.lease());
  server_.remove("notes");
  server_.put("n/123", "", one_.lease());
  server_.remove("n/123");
  EXPECT_FALSE(told(3s));
}

TEST_F(BelongingsTest, WithoutASessionKeyGivingBackStillDeletes) {
  server_.remove(layout::session_key(one_.lease()));
  const auto given = give_back(one_.client(), soon(), "x", one_.lease());
  ASSERT_TRUE(given) << why(given);
  EXPECT_FALSE(server_.value(one_.key()));
}

}  // namespace
}  // namespace coord::recipe
