#include <gmock/gmock.h>

#include "coord/recipe/contenders.hpp"
#include "coord/recipe/election.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

constexpr int kPermissionDenied = 7;  // gRPC's status

class Politician {
 public:
  explicit Politician(const fake::FakeEtcd& server, std::string proposal = "me")
      : client_(fake::client_of(server)) {
    auto session = etcd::Session::open(*client_, soon(), 60s);
    if (!session) throw std::runtime_error(why(session));
    session_ = *std::move(session);
    stand(std::move(proposal));
  }

  // From now on with another proposal.
  void stand(std::string proposal) {
    candidate_.emplace(*client_, *session_, "x", std::move(proposal),
                       HolderInfo{.host = "h", .pid = 1});
  }
  // Another process of the same session.
  Candidate companion(std::string proposal) {
    return {*client_, *session_, "x", std::move(proposal), HolderInfo{.host = "h", .pid = 2}};
  }
  Result<Held> campaign() { return candidate_->campaign(soon()); }
  void begin() {
    ended_ = std::async(std::launch::async, [this] { return campaign(); });
  }
  bool waits() { return ended_.wait_for(0s) != std::future_status::ready; }
  Result<Held> end() { return ended_.get(); }

  Candidate& candidate() { return *candidate_; }
  etcd::Client& client() { return *client_; }
  std::int64_t lease() const { return session_->lease(); }
  const std::string& key() const { return candidate_->key(); }

 private:
  std::unique_ptr<etcd::Client> client_;
  std::unique_ptr<etcd::Session> session_;
  std::optional<Candidate> candidate_;
  std::future<Result<Held>> ended_;
};

CandidateKey key_of(const Held& held) { return {held.key, held.create_revision}; }

class ElectionTest : public LockTest {
 protected:
  void expect_watched(const Politician& one) {
    EXPECT_TRUE(server_.until([&] { return watched(one.key()) > 0; }));
  }

  Politician one_{server_, "first"};
  Politician two_{server_, "second"};
};

TEST_F(ElectionTest, TheFirstCandidateLeadsAfterOneTransaction) {
  const auto held = one_.campaign();
  ASSERT_TRUE(held) << why(held);
  EXPECT_EQ(held->key, "x/" + layout::lease_hex(one_.lease()));
  EXPECT_EQ(held->revision, held->create_revision);
  EXPECT_EQ(server_.value(one_.key()), "first");
  EXPECT_EQ(server_.calls("Txn"), 1);
  EXPECT_TRUE(server_.watches().empty());
}

TEST_F(ElectionTest, TheHolderStandsOutsideOfTheElection) {
  ASSERT_TRUE(one_.campaign());
  EXPECT_EQ(server_.keys("x/"), std::vector{one_.key()});
  const auto line = contenders_of(one_.client(), soon(), "x", false);
  ASSERT_TRUE(line && line->size() == 1);
  EXPECT_EQ(line->front().info->host, "h");
  EXPECT_EQ(line->front().proposal, "first");
  EXPECT_EQ(*held_names(one_.client(), soon()), std::vector<std::string>{"x"});
  ASSERT_TRUE(server_.expire_lease(one_.lease()));
  EXPECT_TRUE(server_.keys().empty());
}

TEST_F(ElectionTest, WhoMayNotWriteTheHolderLeadsWithoutIt) {
  server_.refuse("Txn", kPermissionDenied, "etcdserver: permission denied");
  ASSERT_TRUE(one_.campaign());
  EXPECT_EQ(server_.keys(), std::vector{one_.key()});
  server_.refuse("Txn", kPermissionDenied, "etcdserver: permission denied", 2);
  EXPECT_EQ(code(two_.campaign()), Code::denied);
}

TEST_F(ElectionTest, LostRepliesMakeNoSecondCandidate) {
  server_.drop_reply("Txn", 2);
  const auto held = one_.campaign();
  ASSERT_TRUE(held) << why(held);
  EXPECT_EQ(server_.keys("x/"), std::vector{one_.key()});
}

TEST_F(ElectionTest, TheNextLeadsWhenTheLeaderResigns) {
  const auto first = one_.campaign();
  two_.begin();
  expect_watched(two_);
  EXPECT_TRUE(two_.waits());
  EXPECT_TRUE(*resign(one_.client(), soon(), key_of(*first)));
  const auto second = two_.end();
  ASSERT_TRUE(second) << why(second);
  EXPECT_GT(second->revision, second->create_revision);
  EXPECT_GT(second->revision, first->revision);
}

TEST_F(ElectionTest, ACandidateWhoseLeaseEndsInLineIsLost) {
  ASSERT_TRUE(one_.campaign());
  two_.begin();
  expect_watched(two_);
  server_.expire_lease(two_.lease());
  EXPECT_EQ(code(two_.end()), Code::lost);
}

// Go's Campaign reports a win here.
TEST_F(ElectionTest, ACandidateThatGoesTogetherWithTheLeaderIsLost) {
  ASSERT_TRUE(one_.campaign());
  two_.begin();
  expect_watched(two_);
  server_.stop();
  server_.expire_lease(one_.lease());
  server_.expire_lease(two_.lease());
  server_.start();
  EXPECT_EQ(code(two_.end()), Code::lost);
}

TEST_F(ElectionTest, AnotherProposalOfTheSameSessionIsProclaimedAndKeepsItsPlace) {
  const auto first = one_.campaign();
  one_.stand("changed");
  const auto again = one_.campaign();
  ASSERT_TRUE(again) << why(again);
  EXPECT_EQ(again->create_revision, first->create_revision);
  EXPECT_EQ(server_.value(one_.key()), "changed");
}

TEST_F(ElectionTest, ATryThatIsRefusedLeavesNoTrace) {
  ASSERT_TRUE(one_.candidate().try_campaign(soon()));
  const auto revision = server_.revision();
  EXPECT_EQ(code(two_.candidate().try_campaign(soon())), Code::busy);
  EXPECT_EQ(server_.revision(), revision);
}

TEST_F(ElectionTest, ARefusedTryLeavesTheCandidateOfAnotherOfItsSessionAsItIs) {
  const auto first = one_.campaign();
  two_.begin();
  expect_watched(two_);
  const auto revision = server_.revision();
  EXPECT_EQ(code(two_.companion("other").try_campaign(soon())), Code::busy);
  EXPECT_EQ(server_.revision(), revision);
  EXPECT_TRUE(*resign(one_.client(), soon(), key_of(*first)));
  const auto second = two_.end();
  ASSERT_TRUE(second) << why(second);
  EXPECT_EQ(server_.value(two_.key()), "second");
}

TEST_F(ElectionTest, ALostReplyOfATryLeads) {
  server_.drop_reply("Txn");
  const auto held = one_.candidate().try_campaign(soon());
  ASSERT_TRUE(held) << why(held);
  EXPECT_EQ(server_.keys("x/"), std::vector{one_.key()});
}

TEST_F(ElectionTest, ProclaimKeepsTheLeaseAndTheCreateRevision) {
  const auto held = one_.campaign();
  server_.drop_reply("Txn");
  const auto revision = proclaim(two_.client(), soon(), key_of(*held), "news");
  ASSERT_TRUE(revision) << why(revision);
  const auto leader = leader_of(two_.client(), soon(), "x");
  ASSERT_TRUE(leader);
  EXPECT_EQ(leader->kv.value, "news");
  EXPECT_EQ(leader->kv.lease, one_.lease());
  EXPECT_EQ(leader->kv.create_revision, held->create_revision);
  EXPECT_EQ(leader->kv.mod_revision, *revision);
}

TEST_F(ElectionTest, ProclaimByWhoLeadsNoMoreChangesNothing) {
  const auto held = one_.campaign();
  server_.remove(held->key);
  const auto gone = proclaim(one_.client(), soon(), key_of(*held), "late");
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, Code::lost);
  EXPECT_THAT(gone.error().message, testing::HasSubstr(held->key));
  server_.put(held->key, "somebody's");
  EXPECT_FALSE(proclaim(one_.client(), soon(), key_of(*held), "late"));
  EXPECT_EQ(server_.value(held->key), "somebody's");
}

TEST_F(ElectionTest, ResignTellsWhetherItStoodAndTakesNobodyElsesKey) {
  const auto held = one_.campaign();
  server_.drop_reply("Txn");
  EXPECT_TRUE(*resign(one_.client(), soon(), key_of(*held)));
  EXPECT_FALSE(server_.value(layout::holder_key(held->key)));
  EXPECT_FALSE(*resign(one_.client(), soon(), key_of(*held)));
  const auto again = one_.campaign();
  EXPECT_FALSE(*resign(one_.client(), soon(), key_of(*held)));
  EXPECT_TRUE(server_.value(again->key));
}

TEST_F(ElectionTest, WhoMayNotWriteTheHolderResignsWithoutIt) {
  const auto held = one_.campaign();
  server_.refuse("Txn", kPermissionDenied, "etcdserver: permission denied");
  EXPECT_TRUE(*resign(one_.client(), soon(), key_of(*held)));
  EXPECT_FALSE(server_.value(held->key));
}

// Where Go's ResumeElection would find the leader of "xy" for "x".
TEST_F(ElectionTest, AnElectionWhoseNameBeginsAlikeIsAnother) {
  server_.put("xy/1", "other");
  const auto leader = leader_of(one_.client(), soon(), "x");
  ASSERT_FALSE(leader);
  EXPECT_EQ(leader.error().code, Code::not_found);
}

}  // namespace
}  // namespace coord::recipe
