// txn against the fake server.
#include <gtest/gtest.h>

#include "cmd/commands/keys/txn.hpp"
#include "cmd_captured_env.hpp"
#include "fake/fake_etcd.hpp"

namespace coord::commands {
namespace {

using cli::CapturedEnv;

TEST(Txn, ALostReplyIsToldAndItIsNotSentAgain) {
  fake::FakeEtcd etcd;
  etcd.drop_reply("Txn");
  CapturedEnv captured(etcd.endpoint());
  captured.feed("\nput a 1\n\n\n");
  const auto status = run_txn({}, captured.env());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::unavailable);
  EXPECT_TRUE(status.error().uncertain);
  EXPECT_EQ(status.error().hint,
            "the reply was lost: look whether it was done before you repeat it");
  EXPECT_EQ(etcd.calls("Txn"), 1);
  EXPECT_EQ(captured.output(), "");
}

TEST(Txn, BadTextIsNotSent) {
  fake::FakeEtcd etcd;
  CapturedEnv captured(etcd.endpoint());
  captured.feed("\nput a 1\n\nput b\n\n");
  const auto status = run_txn({}, captured.env());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "txn: line 4: put: VALUE is missing");
  EXPECT_EQ(etcd.calls("Txn"), 0);
}

TEST(Txn, CheckSaysNo) {
  fake::FakeEtcd etcd;
  CapturedEnv captured(etcd.endpoint());
  captured.feed("mod(\"a\") > \"0\"\n\n\nput b 1\n\n");
  EXPECT_EQ(run_txn({.check = true}, captured.env()), 1);
  EXPECT_EQ(captured.output(), "FAILURE\n\nOK\n");
  EXPECT_EQ(etcd.value("b"), "1");
}

}  // namespace
}  // namespace coord::commands
