#include <gtest/gtest.h>

#include "coord/etcd/kv.hpp"
#include "coord/etcd/watch.hpp"
#include "fake/client_of.hpp"

namespace coord::etcd {
namespace {

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
