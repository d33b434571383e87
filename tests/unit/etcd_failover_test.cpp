// A client of several endpoints goes on when one of them is dead, silent, or cut off from its
// cluster.
#include <gtest/gtest.h>

#include "coord/etcd/kv.hpp"
#include "fake/client_of.hpp"
#include "fake/silent_port.hpp"

namespace coord::etcd {
namespace {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;

// What a call of a person may take though the first endpoint is bad; a machine under load is given
// some slack.
constexpr Duration kBound = 4s;

class FailoverTest : public testing::Test {
 protected:
  // Expects a read and a write to be done within the bound each.
  void expect_served(Client& client) {
    Kv kv(client);
    const auto read = kv.range(Context::within(kBound), {.key = "k"});
    EXPECT_TRUE(read) << why(read);
    const auto write = kv.put(Context::within(kBound), {.key = "k", .value = "v"});
    EXPECT_TRUE(write) << why(write);
    EXPECT_EQ(good_.value("k"), "v");
  }

  fake::FakeEtcd good_;
  fake::FakeEtcd bad_{&good_};
};

TEST_F(FailoverTest, PassesADeadEndpoint) {
  bad_.stop();
  expect_served(*fake::client_of({bad_.endpoint(), good_.endpoint()}));
}

TEST_F(FailoverTest, PassesAnEndpointThatTakesConnectionsAndSaysNothing) {
  const fake::SilentPort silent;
  expect_served(*fake::client_of({silent.endpoint(), good_.endpoint()}));
}

TEST_F(FailoverTest, PassesSeveralBadEndpoints) {
  bad_.stop();
  const fake::SilentPort silent;
  expect_served(*fake::client_of({bad_.endpoint(), silent.endpoint(), good_.endpoint()}));
}

TEST_F(FailoverTest, PassesAMemberWithoutLeader) {
  bad_.lose_leader(true);
  expect_served(*fake::client_of({bad_.endpoint(), good_.endpoint()}));
}

TEST_F(FailoverTest, LeavesAMemberThatStopsAnswering) {
  const auto client = fake::client_of({bad_.endpoint(), good_.endpoint()});
  ASSERT_TRUE(Kv(*client).range(soon(), {.key = "k"}));
  ASSERT_EQ(bad_.calls("Range"), 1);
  bad_.never_answer(true);
  expect_served(*client);
}

// A write may not be sent twice, so this one fails; but the next does not hang in the same place.
TEST_F(FailoverTest, LeavesAMemberThatDidNotAnswerAWrite) {
  const auto client = fake::client_of({bad_.endpoint(), good_.endpoint()});
  ASSERT_TRUE(Kv(*client).range(soon(), {.key = "k"}));
  bad_.never_answer(true);
  const auto lost = Kv(*client).put(Context::within(300ms), {.key = "k", .value = "lost"});
  EXPECT_EQ(lost.error().code, Code::unavailable) << why(lost);
  const auto put = Kv(*client).put(Context::within(kBound), {.key = "k", .value = "v"});
  EXPECT_TRUE(put) << why(put);
}

TEST_F(FailoverTest, LeavesAMemberThatDies) {
  const auto client = fake::client_of({bad_.endpoint(), good_.endpoint()});
  ASSERT_TRUE(Kv(*client).range(soon(), {.key = "k"}));
  bad_.stop();
  expect_served(*client);
}

TEST_F(FailoverTest, StaysWithTheMemberThatAnswered) {
  bad_.lose_leader(true);
  const auto client = fake::client_of({bad_.endpoint(), good_.endpoint()});
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Kv(*client).range(soon(), {.key = "k"}));
  EXPECT_EQ(bad_.calls("Range"), 1);
  EXPECT_EQ(good_.calls("Range"), 5);
}

TEST_F(FailoverTest, FindsAServerThatCameBack) {
  const auto client = fake::client_of(good_);
  ASSERT_TRUE(Kv(*client).range(soon(), {.key = "k"}));
  good_.stop();
  EXPECT_EQ(Kv(*client).range(Context::within(300ms), {.key = "k"}).error().code,
            Code::unavailable);
  good_.start();
  const auto read = Kv(*client).range(soon(), {.key = "k"});
  EXPECT_TRUE(read) << why(read);
}

TEST_F(FailoverTest, ReadsWhatMayBeStaleFromAMemberWithoutLeader) {
  good_.put("k", "v");
  bad_.lose_leader(true);
  const auto read = Kv(*fake::client_of(bad_)).range(soon(), {.key = "k", .serializable = true});
  ASSERT_TRUE(read) << why(read);
  EXPECT_EQ(read->kvs.at(0).value, "v");
}

TEST_F(FailoverTest, SpeaksToAUnixSocket) {
  const fake::FakeEtcd local(fake::Listen::unix_socket);
  const auto put = Kv(*fake::client_of(local)).put(soon(), {.key = "k", .value = "v"});
  EXPECT_TRUE(put) << why(put);
  EXPECT_EQ(local.value("k"), "v");
}

}  // namespace
}  // namespace coord::etcd
