// A call that cannot succeed ends when its context does, and says why. A write whose reply was lost
// is not repeated.
#include <gtest/gtest.h>

#include <thread>

#include "coord/etcd/kv.hpp"
#include "fake/client_of.hpp"
#include "fake/silent_port.hpp"

namespace coord::etcd {
namespace {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;

constexpr Duration kShort = 300ms;
constexpr Duration kSlack = 3s;  // what a busy machine may add

class TroubleTest : public testing::Test {
 protected:
  Result<RangeReply> read(const Context& ctx) { return kv_.range(ctx, {.key = "k"}); }

  fake::FakeEtcd server_;
  std::unique_ptr<Client> client_ = fake::client_of(server_);
  Kv kv_{*client_};
};

TEST_F(TroubleTest, ASilentServerEndsACallAtItsDeadline) {
  ASSERT_TRUE(read(soon()));
  server_.never_answer(true);
  const BootTime start = BootClock::now();
  const auto reply = read(Context::within(kShort));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::unavailable) << why(reply);
  EXPECT_LT(BootClock::now() - start, kShort + kSlack);
}

TEST_F(TroubleTest, AServerThatIsNotThereIsReportedByNameWithoutADeadline) {
  server_.stop();
  const auto reply = read(Context());
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::unavailable);
  EXPECT_NE(reply.error().message.find(server_.endpoint()), std::string::npos) << why(reply);
  EXPECT_NE(reply.error().message.find("refused"), std::string::npos) << why(reply);
}

TEST_F(TroubleTest, APortThatSaysNothingIsReportedByNameWithoutADeadline) {
  const fake::SilentPort silent;
  const auto client = fake::client_of({silent.endpoint()});
  const BootTime start = BootClock::now();
  const auto reply = Kv(*client).range(Context(), {.key = "k"});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::unavailable);
  EXPECT_NE(reply.error().message.find(silent.endpoint()), std::string::npos) << why(reply);
  EXPECT_LT(BootClock::now() - start, client->options().dial_timeout + kSlack);
}

// The deadline falls into the second try, which ends without a reason of its own.
TEST_F(TroubleTest, AMissingLeaderIsTheReasonGivenAtTheDeadline) {
  ASSERT_TRUE(read(soon()));
  server_.lose_leader(true);
  server_.delay(200ms);
  const auto reply = read(Context::within(kShort));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::unavailable);
  EXPECT_NE(reply.error().message.find("no leader"), std::string::npos) << why(reply);
}

TEST_F(TroubleTest, APulledTokenEndsACallThatHangs) {
  std::stop_source stop;
  server_.never_answer(true);
  const std::jthread puller([&] {
    server_.until([&] { return server_.calls("Range") == 1; });
    stop.request_stop();
  });
  const BootTime start = BootClock::now();
  const auto reply = read(Context(stop.get_token()));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::cancelled) << why(reply);
  EXPECT_LT(BootClock::now() - start, kSlack);
}

TEST_F(TroubleTest, APulledTokenEndsTheSearchForAnEndpoint) {
  const fake::SilentPort silent;
  const auto client = fake::client_of({silent.endpoint()});
  std::stop_source stop;
  stop.request_stop();
  const auto reply = Kv(*client).range(Context(stop.get_token()), {.key = "k"});
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, Code::cancelled) << why(reply);
}

TEST_F(TroubleTest, AReadWithALostReplyIsRepeated) {
  server_.drop_reply("Range", 2);
  const auto reply = read(soon());
  EXPECT_TRUE(reply) << why(reply);
  EXPECT_EQ(server_.calls("Range"), 3);
}

TEST_F(TroubleTest, AWriteWithALostReplyIsReportedNotRepeated) {
  server_.drop_reply("Put");
  server_.drop_reply("Txn");
  server_.drop_reply("DeleteRange");
  const auto put = kv_.put(soon(), {.key = "k", .value = "v"});
  EXPECT_EQ(put.error().code, Code::unavailable) << why(put);
  const auto txn = kv_.txn(soon(), Txn{}.then(PutRequest{.key = "l", .value = "v"}));
  EXPECT_EQ(txn.error().code, Code::unavailable) << why(txn);
  const auto removed = kv_.remove(soon(), {.key = "k"});
  EXPECT_EQ(removed.error().code, Code::unavailable) << why(removed);
  for (const char* method : {"Put", "Txn", "DeleteRange"}) EXPECT_EQ(server_.calls(method), 1);
  EXPECT_EQ(server_.keys(), std::vector<std::string>{"l"});
}

TEST_F(TroubleTest, AWriteWithALostReplyIsRepeatedWhereTheCallerAllowsIt) {
  server_.drop_reply("Put", 2);
  const auto put = kv_.put(soon(), {.key = "k", .value = "v"}, Repeat::safe);
  EXPECT_TRUE(put) << why(put);
  EXPECT_EQ(server_.calls("Put"), 3);
}

TEST_F(TroubleTest, AWriteThatAMemberWithoutLeaderRefusedIsSentElsewhere) {
  fake::FakeEtcd leaderless(&server_);
  leaderless.lose_leader(true);
  const auto client = fake::client_of({leaderless.endpoint(), server_.endpoint()});
  const auto put = Kv(*client).put(soon(), {.key = "k", .value = "v"});
  EXPECT_TRUE(put) << why(put);
  EXPECT_EQ(server_.calls("Put"), 1);
}

}  // namespace
}  // namespace coord::etcd
