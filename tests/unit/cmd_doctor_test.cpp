#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cmd/commands/tools/doctor_findings.hpp"

namespace coord::commands {
namespace {

TEST(KnownFaults, EndWithTheReleaseThatMendsThem) {
  EXPECT_EQ(known_faults("3.5.2").size(), 5U);
  EXPECT_EQ(known_faults("3.5.3").size(), 4U);
  EXPECT_EQ(known_faults("3.5.22").size(), 1U);
  EXPECT_EQ(known_faults("3.5.22").front().mended_in, "upgrade to 3.5.23 or newer");
  EXPECT_TRUE(known_faults("3.5.23").empty());
  EXPECT_EQ(known_faults("3.6.4").size(), 1U);
  EXPECT_TRUE(known_faults("3.6.5").empty());
  EXPECT_TRUE(known_faults("3.7.0").empty());
}

TEST(KnownFaults, SayThatAnOldLineGetsNoMends) {
  EXPECT_EQ(known_faults("3.4.45").size(), 1U);
  EXPECT_EQ(known_faults("3.3.1").size(), 1U);
}

TEST(KnownFaults, KnowNothingOfOtherNumbers) {
  EXPECT_TRUE(known_faults("").empty());
  EXPECT_TRUE(known_faults("4.0.0").empty());
  EXPECT_TRUE(known_faults("3.x").empty());
  EXPECT_EQ(known_faults("3.6.0-rc.1").size(), 1U);
}

class ClusterFindings : public testing::Test {
 protected:
  static constexpr std::int64_t kMiB = 1 << 20;

  ClusterFindings() {
    for (const char* name : {"a", "b", "c"}) add(name);
  }

  void add(const std::string& name) {
    const std::uint64_t id = health_.all.size() + 1;
    const etcd::Member member{.id = id, .name = name, .peer_urls = {}, .client_urls = {}};
    etcd::MemberStatus status;
    status.header.member_id = id;
    status.version = "3.5.30";
    status.leader = 1;
    health_.all.push_back(member);
    health_.members.push_back({name + ":2379", member, status});
    if (!health_.newest) health_.newest = status;
  }

  etcd::MemberStatus& status(std::size_t at) { return *health_.members[at].status; }

  // Those that are not ok, a line each.
  std::vector<std::string> trouble() const {
    Findings findings;
    examine_cluster(health_, findings);
    std::vector<std::string> lines;
    for (const Finding& one : findings) {
      if (one.level == Level::ok) continue;
      lines.push_back((one.level == Level::problem ? "problem " : "warning ") + one.about + ": " +
                      one.message + " | " + one.mend);
    }
    return lines;
  }

  recipe::Health health_;
};

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(ClusterFindings, AreNoneWhereAllIsWell) { EXPECT_THAT(trouble(), IsEmpty()); }

TEST_F(ClusterFindings, NameTheMembersWithAnAlarm) {
  health_.alarms = {{2, etcd::Alarm::corrupt}, {3, etcd::Alarm::no_space}};
  EXPECT_THAT(trouble(), ElementsAre(HasSubstr("problem alarm: CORRUPT on b"),
                                     HasSubstr("problem alarm: NOSPACE on c")));
}

TEST_F(ClusterFindings, TellAMixOfVersionsAndTheFaultsOfEach) {
  status(1).version = "3.6.5";
  EXPECT_THAT(trouble(), ElementsAre("warning version: members differ: 3.5.30, 3.6.5 | finish the "
                                     "upgrade: all members of one version"));
  status(1).version = "3.5.22";
  EXPECT_THAT(trouble(), ElementsAre(HasSubstr("members differ: 3.5.22, 3.5.30"),
                                     HasSubstr("upgrade to 3.5.23 or newer")));
}

TEST_F(ClusterFindings, WarnBeforeTheQuotaIsUsedUp) {
  status(0).db_size = status(0).db_size_in_use = 1638 * kMiB;
  EXPECT_THAT(trouble(), IsEmpty());
  status(0).db_size = status(0).db_size_in_use = 1639 * kMiB;
  EXPECT_THAT(trouble(), ElementsAre(HasSubstr("a:2379: the database has 1639 MiB, its quota is "
                                               "2048 MiB unless --quota-backend-bytes says more")));
  status(0).db_size_quota = 8192 * kMiB;  // a server of 3.6 tells
  EXPECT_THAT(trouble(), IsEmpty());
  status(0).db_size_quota = 1700 * kMiB;
  EXPECT_THAT(trouble(), ElementsAre(HasSubstr("its quota is 1700 MiB |")));
}

TEST_F(ClusterFindings, KnowWhenDefragmentingIsWorthIt) {
  status(2).db_size = 500 * kMiB;
  status(2).db_size_in_use = 250 * kMiB;
  EXPECT_THAT(trouble(), IsEmpty());
  status(2).db_size_in_use = 200 * kMiB;
  EXPECT_THAT(trouble(), ElementsAre(HasSubstr("c:2379: 300 of the database's 500 MiB are unused | "
                                               "coord defrag --endpoints c:2379")));
}

TEST_F(ClusterFindings, WarnOfTwoMembers) {
  health_.all.pop_back();
  health_.members.pop_back();
  EXPECT_THAT(trouble(), ElementsAre(HasSubstr("warning members: 2 of 2 answer")));
}

}  // namespace
}  // namespace coord::commands
