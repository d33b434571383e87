#include <gtest/gtest.h>

#include "coord/etcd/cluster.hpp"
#include "fake/client_of.hpp"

namespace coord::etcd {
namespace {

using fake::soon;
using fake::why;

class ClusterTest : public testing::Test {
 protected:
  fake::FakeEtcd server_;
  std::unique_ptr<Client> client_ = fake::client_of(server_);
  Cluster cluster_{*client_};
};

TEST_F(ClusterTest, ListsWhoIsIn) {
  const auto list = cluster_.list(soon());
  ASSERT_TRUE(list) << why(list);
  ASSERT_EQ(list->members.size(), 1U);
  EXPECT_EQ(list->members[0].name, "fake-1");
  EXPECT_EQ(list->members[0].client_urls, std::vector{"http://" + server_.endpoint()});
  EXPECT_EQ(list->members[0].id, list->header.member_id);
  EXPECT_EQ(list->header.revision, 0);
}

TEST_F(ClusterTest, AMemberWithoutLeaderStillTellsWhatItKnows) {
  server_.lose_leader(true);
  const auto list = cluster_.list(soon(), Consistency::serializable);
  ASSERT_TRUE(list) << why(list);
  EXPECT_EQ(list->members.size(), 1U);
  const auto agreed = cluster_.list(Context::within(std::chrono::milliseconds{300}));
  ASSERT_FALSE(agreed);
  EXPECT_EQ(agreed.error().code, Code::unavailable) << why(agreed);
}

TEST_F(ClusterTest, ALearnerComesIsPromotedMovesAndGoes) {
  const auto added = cluster_.add(soon(), {"http://a:1", "http://b:1"}, true);
  ASSERT_TRUE(added) << why(added);
  EXPECT_TRUE(added->member.learner);
  EXPECT_EQ(added->member.peer_urls, (std::vector<std::string>{"http://a:1", "http://b:1"}));
  EXPECT_EQ(added->members.size(), 2U);
  const auto promoted = cluster_.promote(soon(), added->member.id);
  ASSERT_TRUE(promoted) << why(promoted);
  EXPECT_FALSE(promoted->members[1].learner);
  const auto updated = cluster_.update(soon(), added->member.id, {"http://c:1"});
  ASSERT_TRUE(updated) << why(updated);
  EXPECT_EQ(updated->members[1].peer_urls, std::vector<std::string>{"http://c:1"});
  const auto removed = cluster_.remove(soon(), added->member.id);
  ASSERT_TRUE(removed) << why(removed);
  EXPECT_EQ(removed->members.size(), 1U);
}

TEST_F(ClusterTest, AnUnknownMemberIsNotFound) {
  EXPECT_EQ(cluster_.remove(soon(), 1).error().code, Code::not_found);
  EXPECT_EQ(cluster_.promote(soon(), 1).error().code, Code::not_found);
}

TEST_F(ClusterTest, AnAddWhoseReplyIsLostIsUncertainAndNotRepeated) {
  server_.drop_reply("MemberAdd");
  const auto added = cluster_.add(soon(), {"http://a:1"}, false);
  ASSERT_FALSE(added);
  EXPECT_TRUE(added.error().uncertain) << why(added);
  EXPECT_EQ(server_.calls("MemberAdd"), 1);
}

TEST_F(ClusterTest, ARefusalForWantOfMembersIsCertainAndImmediate) {
  server_.refuse("MemberAdd", 14, "etcdserver: unhealthy cluster");
  const auto added = cluster_.add(soon(), {"http://a:1"}, false);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, Code::unavailable) << why(added);
  EXPECT_FALSE(added.error().uncertain);
  EXPECT_EQ(server_.calls("MemberAdd"), 1);
}

TEST_F(ClusterTest, AChangeThatALearnerRefusesGoesElsewhere) {
  fake::FakeEtcd learner(&server_);
  learner.refuse("MemberAdd", 14, "etcdserver: rpc not supported for learner");
  const auto client = fake::client_of({learner.endpoint(), server_.endpoint()});
  const auto added = Cluster(*client).add(soon(), {"http://a:1"}, false);
  ASSERT_TRUE(added) << why(added);
  EXPECT_EQ(server_.calls("MemberAdd"), 1);
}

}  // namespace
}  // namespace coord::etcd
