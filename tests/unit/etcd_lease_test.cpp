#include <gtest/gtest.h>

#include "coord/etcd/kv.hpp"
#include "coord/etcd/lease.hpp"
#include "fake/client_of.hpp"

namespace coord::etcd {
namespace {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;

class LeaseTest : public testing::Test {
 protected:
  fake::FakeEtcd server_;
  std::unique_ptr<Client> client_ = fake::client_of(server_);
  Lease lease_{*client_};
};

TEST_F(LeaseTest, TellsWhatWasGrantedNotWhatWasAskedFor) {
  server_.set_minimum_ttl(5s);
  const auto grant = lease_.grant(soon(), 2s);
  ASSERT_TRUE(grant) << why(grant);
  EXPECT_EQ(grant->ttl, 5s);
  EXPECT_EQ(server_.leases(), std::vector{grant->id});
  EXPECT_NE(grant->header.cluster_id, 0U);
}

TEST_F(LeaseTest, CountsFromBeforeTheRequestLeft) {
  ASSERT_TRUE(lease_.list(soon()));  // connected
  server_.delay(200ms);
  const BootTime before = BootClock::now();
  const auto grant = lease_.grant(soon(), 60s);
  ASSERT_TRUE(grant) << why(grant);
  EXPECT_GE(grant->sent, before);
  EXPECT_LE(grant->sent, BootClock::now() - 200ms);
  const BootTime between = BootClock::now();
  const auto renewed = lease_.keep_alive_once(soon(), grant->id);
  ASSERT_TRUE(renewed) << why(renewed);
  EXPECT_GE(renewed->sent, between);
  EXPECT_LE(renewed->sent, BootClock::now() - 200ms);
}

// The attempt that was answered began later than the one whose reply was lost; the lease counts
// from the later.
TEST_F(LeaseTest, CountsFromTheAttemptThatWasAnswered) {
  const auto grant = lease_.grant(soon(), 60s);
  server_.delay(100ms);
  server_.drop_reply("LeaseKeepAlive");
  const BootTime before = BootClock::now();
  const auto renewed = lease_.keep_alive_once(soon(), grant->id);
  ASSERT_TRUE(renewed) << why(renewed);
  EXPECT_EQ(server_.calls("LeaseKeepAlive"), 2);
  EXPECT_GE(renewed->sent, before + 100ms);
}

TEST_F(LeaseTest, TakesAnIdOfTheCallersChoiceOnce) {
  EXPECT_EQ(lease_.grant(soon(), 60s, 4711)->id, 4711);
  const auto again = lease_.grant(soon(), 60s, 4711);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::bad_data) << why(again);
}

TEST_F(LeaseTest, TakesItsKeysWithItAtOneRevision) {
  const auto grant = lease_.grant(soon(), 60s);
  for (const char* key : {"a", "b"}) server_.put(key, "", grant->id);
  server_.put("c", "");
  const std::int64_t before = server_.revision();
  const auto revoked = lease_.revoke(soon(), grant->id);
  ASSERT_TRUE(revoked) << why(revoked);
  EXPECT_EQ(revoked->revision, before + 1);
  EXPECT_EQ(server_.keys(), std::vector<std::string>{"c"});
}

TEST_F(LeaseTest, IsNotFoundOnceItIsGone) {
  const auto grant = lease_.grant(soon(), 60s);
  server_.expire_lease(grant->id);
  const auto revoked = lease_.revoke(soon(), grant->id);
  ASSERT_FALSE(revoked);
  EXPECT_EQ(revoked.error().code, Code::not_found) << why(revoked);
  const auto renewed = lease_.keep_alive_once(soon(), grant->id);
  ASSERT_TRUE(renewed) << why(renewed);
  EXPECT_LE(renewed->ttl, 0s);
  EXPECT_EQ(lease_.time_to_live(soon(), grant->id, false)->ttl, -1s);
}

TEST_F(LeaseTest, TellsWhatIsLeftAndWhatHangsOnIt) {
  const auto grant = lease_.grant(soon(), 60s);
  server_.put("k", "", grant->id);
  const auto left = lease_.time_to_live(soon(), grant->id, true);
  ASSERT_TRUE(left) << why(left);
  EXPECT_EQ(left->granted_ttl, 60s);
  EXPECT_LE(left->ttl, 60s);
  EXPECT_GT(left->ttl, 30s);
  EXPECT_EQ(left->keys, std::vector<std::string>{"k"});
  EXPECT_TRUE(lease_.time_to_live(soon(), grant->id, false)->keys.empty());
  EXPECT_EQ(lease_.list(soon())->leases, std::vector{grant->id});
}

TEST_F(LeaseTest, EndsByItself) {
  const auto grant = lease_.grant(soon(), 1s);
  server_.put("k", "", grant->id);
  EXPECT_TRUE(server_.until([&] { return server_.keys().empty(); }));
  EXPECT_GE(BootClock::now() - grant->sent, 1s);
}

TEST_F(LeaseTest, IsRenewedAtAnotherMemberWhenOneIsNotItsLessor) {
  fake::FakeEtcd former(&server_);
  former.refuse("LeaseKeepAlive", 2, "lease: not a primary lessor", 100);
  const auto client = fake::client_of({former.endpoint(), server_.endpoint()});
  const auto grant = Lease(*client).grant(soon(), 60s);
  ASSERT_TRUE(grant) << why(grant);
  const auto renewed = Lease(*client).keep_alive_once(soon(), grant->id);
  ASSERT_TRUE(renewed) << why(renewed);
  EXPECT_EQ(renewed->ttl, 60s);
  EXPECT_EQ(server_.calls("LeaseKeepAlive"), 1);
}

}  // namespace
}  // namespace coord::etcd
