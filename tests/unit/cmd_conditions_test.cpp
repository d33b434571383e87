// put and del under conditions against the fake server, and the tree of keys.
#include <gtest/gtest.h>

#include "cmd/commands/keys/del.hpp"
#include "cmd/commands/keys/key_tree.hpp"
#include "cmd/commands/keys/put.hpp"
#include "cmd_captured_env.hpp"
#include "fake/fake_etcd.hpp"

namespace coord::commands {
namespace {

using cli::CapturedEnv;

class ConditionsTest : public testing::Test {
 protected:
  Result<int> put(const Conditions& conditions) {
    CapturedEnv captured(etcd_.endpoint());
    return run_put({.keys = {.first = "k", .second = "new"}, .conditions = conditions},
                   captured.env());
  }
  Result<int> del(const Conditions& conditions) {
    CapturedEnv captured(etcd_.endpoint());
    return run_del({.keys = {.first = "k"}, .conditions = conditions}, captured.env());
  }

  fake::FakeEtcd etcd_;
};

TEST_F(ConditionsTest, HoldOrNothingIsWritten) {
  EXPECT_TRUE(put({.absent = true}));
  const auto there = put({.absent = true});
  ASSERT_FALSE(there);
  EXPECT_EQ(there.error().code, Code::compare_failed);
  EXPECT_EQ(there.error().message, "put 'k': it exists: it is at revision 2; nothing was written");
  EXPECT_TRUE(put({.revision = 2}));
  EXPECT_FALSE(put({.revision = 2}));
  EXPECT_TRUE(put({.value = "new"}));
  EXPECT_FALSE(del({.value = "old"}));
  EXPECT_FALSE(del({.revision = 2, .value = "new"}));
  EXPECT_TRUE(del({.revision = 4, .value = "new"}));
  EXPECT_FALSE(del({.value = ""}));
}

TEST_F(ConditionsTest, ALostReplyIsNeitherRepeatedNorHidden) {
  etcd_.drop_reply("Txn");
  const auto lost = put({.absent = true});
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, Code::unavailable);
  EXPECT_TRUE(lost.error().message.ends_with("; it may have been done")) << lost.error().message;
  EXPECT_EQ(etcd_.calls("Txn"), 1);
  EXPECT_EQ(etcd_.value("k"), "new");
}

TEST(KeyTree, DrawsALevelForEachSlash) {
  KeyTree tree;
  std::string drawn;
  for (const char* key : {"a", "a/b", "a/c/d", "a/c/e", "b//f", "b/", "z/\x1b"}) {
    for (const auto& line : tree.lines({.key = key, .value = "v\n"}, key[0] == 'a'))
      drawn += line + '\n';
  }
  EXPECT_EQ(drawn,
            "a = v\na/\n  b = v\n  c/\n    d = v\n    e = v\nb/\n  /\n    f\n  (this key itself)\n"
            "z/\n  \\x1b\n");
}

TEST(KeyTree, ShowsTheBeginningOfAValue) {
  KeyTree tree;
  EXPECT_EQ(tree.lines({.key = "k", .value = "one\ntwo"}, true).front(), "k = one…");
  EXPECT_EQ(tree.lines({.key = "k", .value = std::string(59, 'x') + "ü"}, true).front(),
            "k = " + std::string(59, 'x') + "…");
  EXPECT_EQ(tree.lines({.key = "k", .value = ""}, true).front(), "k = ");
}

}  // namespace
}  // namespace coord::commands
