#include <gtest/gtest.h>

#include "coord/etcd/maintenance.hpp"
#include "fake/client_of.hpp"

namespace coord::etcd {
namespace {

using fake::soon;
using fake::why;

class MaintenanceTest : public testing::Test {
 protected:
  fake::FakeEtcd server_;
  fake::FakeEtcd other_{&server_};
  std::unique_ptr<Client> client_ = fake::client_of({server_.endpoint(), other_.endpoint()});
  Maintenance maintenance_{*client_};
};

TEST_F(MaintenanceTest, AClientOfOneMemberAsksNoOther) {
  const auto only = client_of_one(*client_, other_.endpoint());
  ASSERT_TRUE(only) << why(only);
  const auto status = Maintenance(**only).status(soon());
  ASSERT_TRUE(status) << why(status);
  EXPECT_TRUE(status->is_leader());
  other_.stop();
  const auto gone = Maintenance(**only).status(Context::within(std::chrono::milliseconds{500}));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, Code::unavailable) << why(gone);
  EXPECT_EQ(server_.calls("Status"), 0);
}

TEST_F(MaintenanceTest, AMemberWithoutLeaderSaysSo) {
  server_.lose_leader(true);
  const auto only = client_of_one(*client_, server_.endpoint());
  const auto status = Maintenance(**only).status(soon());
  ASSERT_TRUE(status) << why(status);
  EXPECT_EQ(status->version, "3.4.23");
  EXPECT_EQ(status->leader, 0U);
  EXPECT_FALSE(status->is_leader());
  EXPECT_EQ(status->errors, std::vector<std::string>{"etcdserver: no leader"});
  EXPECT_FALSE(status->downgrade);
}

TEST_F(MaintenanceTest, AlarmsAreRaisedListedAndDisarmed) {
  const AlarmMember full{.member_id = 5, .alarm = Alarm::no_space};
  ASSERT_TRUE(maintenance_.activate(soon(), full));
  const auto raised = maintenance_.alarms(soon());
  ASSERT_TRUE(raised) << why(raised);
  EXPECT_FALSE(raised->header);
  ASSERT_EQ(raised->alarms.size(), 1U);
  EXPECT_EQ(raised->alarms[0].member_id, 5U);
  EXPECT_EQ(raised->alarms[0].alarm, Alarm::no_space);
  const auto disarmed = maintenance_.disarm(soon(), full);
  ASSERT_TRUE(disarmed) << why(disarmed);
  EXPECT_EQ(disarmed->alarms.size(), 1U);
  EXPECT_TRUE(maintenance_.alarms(soon())->alarms.empty());
}

TEST_F(MaintenanceTest, TheHashIsThatOfTheRevision) {
  const auto hash = maintenance_.hash_kv(soon(), 3);
  ASSERT_TRUE(hash) << why(hash);
  EXPECT_EQ(hash->hash, 4000000003U);
  EXPECT_EQ(hash->compact_revision, 7);
}

TEST_F(MaintenanceTest, ADefragmentationIsAskedForOnce) {
  server_.drop_reply("Defragment");
  const auto done = maintenance_.defragment(soon());
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().uncertain);
  EXPECT_EQ(server_.calls("Defragment") + other_.calls("Defragment"), 1);
}

class SnapshotTest : public MaintenanceTest {
 protected:
  Result<std::string> take() {
    return maintenance_.snapshot(soon(), [this](std::string_view piece, std::uint64_t left) {
      file_ += piece;
      left_.push_back(left);
      return verdict_;
    });
  }

  std::string file_;
  std::vector<std::uint64_t> left_;
  Result<> verdict_;
};

TEST_F(SnapshotTest, ComesInPiecesWithTheHashBehind) {
  const auto version = take();
  ASSERT_TRUE(version) << why(version);
  EXPECT_EQ(*version, "");
  EXPECT_EQ(file_, "snapshot" + std::string(32, '#'));
  EXPECT_EQ(left_, (std::vector<std::uint64_t>{4, 0, 0}));
}

TEST_F(SnapshotTest, ThatBreaksOffIsNotBegunAgain) {
  server_.drop_reply("Snapshot");
  const auto version = take();
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().code, Code::unavailable) << why(version);
  EXPECT_EQ(file_, "snap");
  EXPECT_EQ(server_.calls("Snapshot") + other_.calls("Snapshot"), 1);
}

TEST_F(SnapshotTest, EndsWithTheErrorOfWhoTakesIt) {
  verdict_ = fail(Code::output, "disk full");
  const auto version = take();
  ASSERT_FALSE(version);
  EXPECT_EQ(version.error().code, Code::output) << why(version);
  EXPECT_EQ(file_, "snap");
}

TEST_F(MaintenanceTest, ABadTransfereeIsBadData) {
  const auto moved = maintenance_.move_leader(soon(), 1);
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, Code::bad_data) << why(moved);
}

TEST_F(MaintenanceTest, AnOldServerDoesNotKnowDowngrades) {
  const auto reply = maintenance_.downgrade(soon(), DowngradeAction::validate, "3.4");
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::bad_data) << why(reply);
  EXPECT_NE(reply.error().hint.find("too old"), std::string::npos) << reply.error().hint;
}

}  // namespace
}  // namespace coord::etcd
