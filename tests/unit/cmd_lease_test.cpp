// lease … against the fake server.
#include <gtest/gtest.h>

#include <thread>

#include "cmd/commands/keys/lease.hpp"
#include "cmd_captured_env.hpp"
#include "fake/fake_etcd.hpp"

namespace coord::commands {
namespace {

using cli::CapturedEnv;

class LeaseCommands : public testing::Test {
 protected:
  std::int64_t grant(const std::string& ttl) {
    CapturedEnv captured(etcd_.endpoint());
    EXPECT_TRUE(run_lease_grant({ttl}, captured.env()));
    return etcd_.leases().at(0);
  }

  fake::FakeEtcd etcd_;
};

TEST_F(LeaseCommands, GrantTakesSecondsAndDurations) {
  for (const auto& [ttl, granted] : {std::pair("60", "60s"), {"5m", "300s"}, {"1500ms", "2s"}}) {
    CapturedEnv captured(etcd_.endpoint());
    ASSERT_TRUE(run_lease_grant({ttl}, captured.env())) << ttl;
    EXPECT_NE(captured.output().find(std::string("granted with TTL(") + granted), std::string::npos)
        << captured.output();
  }
}

TEST_F(LeaseCommands, IdsAreHexOfSixteenDigits) {
  EXPECT_EQ(lease_text(0x1234), "0000000000001234");
  EXPECT_EQ(lease_text(-1), "ffffffffffffffff");
  EXPECT_EQ(parse_lease_id("7d7BA1fcce17f799"), 0x7d7ba1fcce17f799);
  for (const char* text : {"", "zz", "0x12", "12 ", "1234567890abcdef0"}) {
    EXPECT_FALSE(parse_lease_id(text)) << text;
  }
}

TEST_F(LeaseCommands, TimetoliveSaysWhichKeys) {
  const std::int64_t id = grant("100");
  etcd_.put("a", "", id);
  etcd_.put("b", "", id);
  CapturedEnv captured(etcd_.endpoint(), out::Format::fields);
  ASSERT_TRUE(run_lease_timetolive({lease_text(id), true}, captured.env()));
  EXPECT_NE(captured.output().find("\"GrantedTTL\" : 100\n\"Key\" : \"a\"\n\"Key\" : \"b\"\n"),
            std::string::npos);
}

TEST_F(LeaseCommands, AnUnknownLeaseHasExpired) {
  CapturedEnv captured(etcd_.endpoint());
  ASSERT_TRUE(run_lease_timetolive({"1234", false}, captured.env()));
  EXPECT_EQ(captured.output(), "lease 0000000000001234 already expired\n");
}

TEST_F(LeaseCommands, RevokeAndOnceRefuseAnUnknownLease) {
  CapturedEnv captured(etcd_.endpoint());
  const auto revoked = run_lease_revoke({"1234"}, captured.env());
  ASSERT_FALSE(revoked);
  EXPECT_EQ(revoked.error().code, Code::not_found);
  EXPECT_TRUE(revoked.error().message.starts_with("lease revoke 0000000000001234: "))
      << revoked.error().message;
  const auto renewed = run_lease_keep_alive({"1234", true}, captured.env());
  ASSERT_FALSE(renewed);
  EXPECT_EQ(renewed.error().code, Code::not_found);
}

TEST_F(LeaseCommands, KeepAliveEndsWithTheLease) {
  const std::int64_t id = grant("2");
  CapturedEnv captured(etcd_.endpoint());
  std::jthread ender([&] {
    EXPECT_TRUE(etcd_.until([&] { return etcd_.calls("LeaseKeepAlive") > 0; }));
    EXPECT_TRUE(etcd_.expire_lease(id));
  });
  ASSERT_TRUE(run_lease_keep_alive({lease_text(id), false}, captured.env()));
  EXPECT_TRUE(captured.output().ends_with("lease " + lease_text(id) + " expired or revoked.\n"));
}

TEST_F(LeaseCommands, KeepAliveOutlivesALostReply) {
  const std::int64_t id = grant("60");
  etcd_.drop_reply("LeaseKeepAlive");
  CapturedEnv captured(etcd_.endpoint());
  ASSERT_TRUE(run_lease_keep_alive({lease_text(id), true}, captured.env()));
}

}  // namespace
}  // namespace coord::commands
