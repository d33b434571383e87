#include <gtest/gtest.h>

#include <future>

#include "coord/etcd/kv.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/etcd/watch.hpp"
#include "fake/client_of.hpp"

namespace coord::etcd {
namespace {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;

class AuthTest : public testing::Test {
 protected:
  AuthTest() { server_.require_password("alice", "secret"); }

  std::unique_ptr<Client> client_as(const std::string& user, const std::string& password) {
    Options options;
    options.endpoints = {server_.endpoint()};
    options.user = user;
    options.password = password;
    return fake::open_client(options);
  }

  fake::FakeEtcd server_;
};

TEST_F(AuthTest, OneTokenServesManyCalls) {
  const auto client = client_as("alice", "secret");
  for (int i = 0; i < 3; ++i) {
    const auto put = Kv(*client).put(soon(), {.key = "k", .value = "v"});
    ASSERT_TRUE(put) << why(put);
  }
  EXPECT_EQ(server_.calls("Authenticate"), 1);
}

TEST_F(AuthTest, AnExpiredTokenIsRefreshedAndTheWriteDoneOnce) {
  const auto client = client_as("alice", "secret");
  ASSERT_TRUE(Kv(*client).put(soon(), {.key = "k", .value = "1"}));
  const std::int64_t before = server_.revision();
  server_.expire_tokens();
  const auto put = Kv(*client).put(soon(), {.key = "k", .value = "2"});
  ASSERT_TRUE(put) << why(put);
  EXPECT_EQ(put->header.revision, before + 1);
  EXPECT_EQ(server_.calls("Authenticate"), 2);
}

TEST_F(AuthTest, AWrongPasswordIsDeniedAndNamesTheUser) {
  const auto put = Kv(*client_as("alice", "guess")).put(soon(), {.key = "k"});
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Code::denied) << why(put);
  EXPECT_NE(put.error().message.find("alice"), std::string::npos) << why(put);
  EXPECT_EQ(put.error().message.find("guess"), std::string::npos) << why(put);
}

TEST_F(AuthTest, NobodyIsDenied) {
  const auto put = Kv(*fake::client_of(server_)).put(soon(), {.key = "k"});
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Code::denied) << why(put);
}

TEST_F(AuthTest, AUserIsNoProblemForAServerWithoutAuthentication) {
  const fake::FakeEtcd open_server;
  Options options;
  options.endpoints = {open_server.endpoint()};
  options.user = "alice";
  options.password = "secret";
  const auto client = fake::open_client(options);
  const auto put = Kv(*client).put(soon(), {.key = "k"});
  EXPECT_TRUE(put) << why(put);
}

TEST_F(AuthTest, AWatchGoesOnWithANewTokenWhenTheOldHasExpired) {
  const auto client = client_as("alice", "secret");
  Watcher watcher(*client);
  watcher.add({.key = "k"});
  ASSERT_EQ(watcher.next(soon())->kind, WatchReply::Kind::created);
  server_.expire_tokens();
  server_.break_watch_streams();
  ASSERT_EQ(watcher.next(soon())->kind, WatchReply::Kind::interrupted);
  const auto resumed = watcher.next(soon());
  ASSERT_TRUE(resumed) << why(resumed);
  EXPECT_EQ(resumed->kind, WatchReply::Kind::resumed) << resumed->error.message;
  server_.put("k", "v");
  EXPECT_EQ(watcher.next(soon())->kind, WatchReply::Kind::events);
}

TEST_F(AuthTest, AWatchOfNobodyIsCancelled) {
  const auto client = fake::client_of(server_);
  Watcher watcher(*client);
  watcher.add({.key = "k"});
  const auto reply = watcher.next(soon());
  ASSERT_TRUE(reply) << why(reply);
  EXPECT_EQ(reply->kind, WatchReply::Kind::cancelled);
  EXPECT_EQ(reply->error.code, Code::denied) << reply->error.message;
}

// As when a member hangs: it is connected and its pings are answered, nothing else is.
TEST_F(AuthTest, NobodyWaitsForSomebodyElsesTokenLongerThanForItsOwn) {
  const auto client = client_as("alice", "secret");
  server_.never_answer(true);
  std::stop_source stop;
  auto patient = std::async(std::launch::async, [&] {
    return Kv(*client).range(Context(stop.get_token()).at_most(30s), {.key = "k"});
  });
  ASSERT_TRUE(server_.until([&] { return server_.calls("Authenticate") == 1; }));
  const BootTime start = BootClock::now();
  const auto hasty = Kv(*client).range(Context::within(200ms), {.key = "k"});
  EXPECT_LT(BootClock::now() - start, 10s);
  ASSERT_FALSE(hasty);
  EXPECT_EQ(hasty.error().code, Code::unavailable) << why(hasty);
  EXPECT_NE(hasty.error().message.find("alice"), std::string::npos) << why(hasty);
  stop.request_stop();
  EXPECT_EQ(patient.get().error().code, Code::cancelled);
}

TEST_F(AuthTest, AWaiterAsksForTheTokenThatSomebodyElseHasGivenUpOn) {
  const auto client = client_as("alice", "secret");
  server_.never_answer(true);
  std::stop_source stop;
  auto first = std::async(std::launch::async, [&] {
    return Kv(*client).range(Context(stop.get_token()), {.key = "k"});
  });
  ASSERT_TRUE(server_.until([&] { return server_.calls("Authenticate") == 1; }));
  auto second =
      std::async(std::launch::async, [&] { return Kv(*client).range(soon(), {.key = "k"}); });
  stop.request_stop();
  EXPECT_EQ(first.get().error().code, Code::cancelled);
  server_.never_answer(false);
  const auto read = second.get();
  EXPECT_TRUE(read) << why(read);
}

// The thread of the watch stream has no deadline of its own.
TEST_F(AuthTest, AWatchAsksAgainForATokenThatDoesNotCome) {
  const auto client = client_as("alice", "secret");
  server_.never_answer(true);
  Watcher watcher(*client);
  watcher.add({.key = "k"});
  const auto told = watcher.next(soon());
  ASSERT_TRUE(told) << why(told);
  EXPECT_EQ(told->kind, WatchReply::Kind::interrupted);
  server_.never_answer(false);
  const auto created = watcher.next(soon());
  ASSERT_TRUE(created) << why(created);
  EXPECT_EQ(created->kind, WatchReply::Kind::created);
}

// As when the password was changed.
TEST_F(AuthTest, AWatchWhoseLoginIsRefusedIsCancelled) {
  const auto client = client_as("alice", "secret");
  Watcher watcher(*client);
  watcher.add({.key = "k"});
  ASSERT_EQ(watcher.next(soon())->kind, WatchReply::Kind::created);
  server_.require_password("alice", "changed");
  server_.expire_tokens();
  server_.break_watch_streams();
  auto reply = watcher.next(soon());
  if (reply && reply->kind == WatchReply::Kind::interrupted) reply = watcher.next(soon());
  ASSERT_TRUE(reply) << why(reply);
  EXPECT_EQ(reply->kind, WatchReply::Kind::cancelled);
  EXPECT_EQ(reply->error.code, Code::denied) << reply->error.message;
}

// It would come every second, and a server may count those that fail.
TEST_F(AuthTest, ARefusedLoginIsNotRepeatedWhileNothingIsWatched) {
  const auto client = client_as("alice", "wrong");
  Watcher watcher(*client);
  for (int watches = 1; watches <= 2; ++watches) {
    watcher.add({.key = "k"});
    const auto reply = watcher.next(soon());
    ASSERT_TRUE(reply) << why(reply);
    EXPECT_EQ(reply->kind, WatchReply::Kind::cancelled);
    EXPECT_EQ(server_.calls("Authenticate"), watches);
    EXPECT_FALSE(server_.until([&] { return server_.calls("Authenticate") > watches; }, 2s));
  }
}

TEST_F(AuthTest, ALeaseIsRenewedWithoutANewLogin) {
  const auto client = client_as("alice", "secret");
  const auto grant = Lease(*client).grant(soon(), 10s);
  ASSERT_TRUE(grant) << why(grant);
  server_.require_password("alice", "changed");
  server_.expire_tokens();
  ASSERT_FALSE(Kv(*client).range(soon(), {.key = "k"}));
  const auto renewed = Lease(*client).keep_alive_once(soon(), grant->id);
  ASSERT_TRUE(renewed) << why(renewed);
  EXPECT_GT(renewed->ttl, 0s);
}

TEST_F(AuthTest, WhoMayNotIsToldWhichKeysItIsAbout) {
  const auto client = client_as("alice", "secret");
  server_.refuse("Txn", 7, "etcdserver: permission denied");
  Txn txn;
  txn.when(Compare::create("a", CompareResult::equal, 0));
  txn.then(PutRequest{.key = "b"}).then(PutRequest{.key = "b"}).then(DeleteRequest{.key = "c"});
  txn.otherwise(RangeRequest::prefix("d/"));
  const auto reply = Kv(*client).txn(soon(), txn, Repeat::safe);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().hint,
            "ask an administrator for a role that may read keys with prefix 'd/', 'a' and write "
            "'b', 'c'");
}

// Servers before 3.5 say "permission denied" to an expired token too, so a second try is in order,
// but no third.
TEST_F(AuthTest, AWatchThatStaysForbiddenIsCancelled) {
  const auto client = client_as("alice", "secret");
  server_.refuse("Watch", 7, "etcdserver: permission denied", 2);
  Watcher watcher(*client);
  watcher.add({.key = "k"});
  auto reply = watcher.next(soon());
  if (reply && reply->kind == WatchReply::Kind::interrupted) reply = watcher.next(soon());
  ASSERT_TRUE(reply) << why(reply);
  EXPECT_EQ(reply->kind, WatchReply::Kind::cancelled);
  EXPECT_EQ(reply->error.code, Code::denied) << reply->error.message;
  EXPECT_EQ(server_.calls("Watch"), 2);
}

}  // namespace
}  // namespace coord::etcd
