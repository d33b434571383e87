#include <gtest/gtest.h>

#include "coord/recipe/condition.hpp"
#include "coord/recipe/condition_wait.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

using Kind = Condition::Kind;

Condition parsed(std::string_view text) {
  auto condition = Condition::parse(text);
  EXPECT_TRUE(condition) << text << ": " << why(condition);
  return condition ? *condition : Condition{};
}

etcd::RangeReply absent() { return {}; }
etcd::RangeReply with(std::string value) {
  etcd::RangeReply found;
  found.kvs.push_back({.key = "k", .value = std::move(value)});
  found.count = 1;
  return found;
}
etcd::RangeReply count(std::int64_t keys) {
  etcd::RangeReply found;
  found.count = keys;
  return found;
}
bool holds(std::string_view text, const etcd::RangeReply& found) {
  return parsed(text).holds(found);
}

TEST(Condition, ExistenceAndAbsence) {
  EXPECT_TRUE(holds("k", with("")));
  EXPECT_FALSE(holds("k", absent()));
  EXPECT_TRUE(holds("!k", absent()));
  EXPECT_FALSE(holds("!k", with("")));
}

TEST(Condition, ValuesAreComparedByteForByte) {
  EXPECT_TRUE(holds("k=a=b", with("a=b")));
  EXPECT_FALSE(holds("k=1", with("1\n")));
  EXPECT_TRUE(holds("k=", with("")));
  EXPECT_FALSE(holds("k=", absent()));
  EXPECT_TRUE(holds("k!=a", with("b")));
  EXPECT_FALSE(holds("k!=a", with("a")));
  EXPECT_TRUE(holds("k!=a", absent()));
}

TEST(Condition, NumbersAreComparedAsNumbers) {
  EXPECT_TRUE(holds("k>=9", with("10")));
  EXPECT_TRUE(holds("k>9", with(" 10\n")));
  EXPECT_FALSE(holds("k>10", with("10")));
  EXPECT_TRUE(holds("k<=-1", with("-1")));
  EXPECT_TRUE(holds("k<9223372036854775807", with("-9223372036854775808")));
  EXPECT_FALSE(holds("k<0", absent()));
}

TEST(Condition, AValueThatIsNoNumberDoesNotHoldAndSaysSo) {
  for (const char* value : {"", " ", "1x", "0x10", "1.5", "+1", "9223372036854775808", "1 2"}) {
    EXPECT_FALSE(holds("k>=0", with(value))) << value;
    EXPECT_FALSE(holds("k<=0", with(value))) << value;
    EXPECT_NE(parsed("k>=0").state(with(value)).find("which is no number"), std::string::npos);
  }
}

TEST(Condition, AnExpressionMatchesAnywhere) {
  EXPECT_TRUE(holds("k~^a.c", with("abcd")));
  EXPECT_TRUE(holds("k~b", with("abc")));
  EXPECT_FALSE(holds("k~^b", with("abc")));
  EXPECT_FALSE(holds("k~.", absent()));
  EXPECT_TRUE(holds("k!~b", with("xyz")));
  EXPECT_TRUE(holds("k!~b", absent()));
  EXPECT_FALSE(holds("k!~b", with("abc")));
}

TEST(Condition, ALongValueIsMatchedInLinearTimeWithoutMuchStack) {
  EXPECT_FALSE(holds("k~(a*)*b", with(std::string(1'500'000, 'a'))));
  EXPECT_TRUE(holds("k~^(a|b)*$", with(std::string(1'500'000, 'a'))));
}

TEST(Condition, CountsOfAPrefix) {
  const Condition condition = parsed("w/:count>=3");
  EXPECT_EQ(condition.kind(), Kind::count);
  EXPECT_EQ(condition.key(), "w/");
  EXPECT_FALSE(condition.holds(count(2)));
  EXPECT_TRUE(condition.holds(count(3)));
  EXPECT_TRUE(holds("w/:count=0", count(0)));
  EXPECT_TRUE(holds("w/:count!=0", count(1)));
  EXPECT_EQ(condition.state(count(1)), "1 key");
  EXPECT_EQ(parsed("w/:count").kind(), Kind::existence);
  EXPECT_EQ(parsed("w/:count").key(), "w/:count");
}

TEST(Condition, ABackslashMakesASignPartOfTheKey) {
  EXPECT_EQ(parsed(R"(a\=b)").key(), "a=b");
  EXPECT_EQ(parsed(R"(\!a)").key(), "!a");
  EXPECT_EQ(parsed(R"(!\!a)").key(), "!a");
  EXPECT_EQ(parsed(R"(a\!=b)").key(), "a!");
  EXPECT_EQ(parsed(R"(a\!=b)").value(), "b");
  EXPECT_EQ(parsed(R"(C:\\x\x00\xff=v)").key(), std::string("C:\\x\0\xff", 6));
  EXPECT_EQ(parsed(R"(k=\=)").value(), R"(\=)");
  for (const char* text : {R"(a\:count=3)", R"(a:coun\x74=3)"}) {
    EXPECT_EQ(parsed(text).kind(), Kind::value) << text;
    EXPECT_EQ(parsed(text).key(), "a:count") << text;
  }
  EXPECT_EQ(parsed(R"(\=:count=3)").kind(), Kind::count);
}

TEST(Condition, SignsThatAreNoOperatorsBelongToTheKey) {
  EXPECT_EQ(parsed("a!b").key(), "a!b");
  EXPECT_EQ(parsed("a b\n/ä").key(), "a b\n/ä");
  EXPECT_EQ(parsed("!a!").key(), "a!");
}

TEST(Condition, NonsenseIsRefused) {
  for (const char* text : {"",           "!",
                           "=",          "=v",
                           "!=v",        "!~v",
                           ">=1",        "!k=v",
                           "!k>=1",      "k>=",
                           "k>x",        "k<1.5",
                           "k~(",        "k!~[",
                           R"(a\)",      R"(a\n)",
                           R"(a\x1)",    R"(a\xzz)",
                           ":count>=1",  "w/:count>=x",
                           "w/:count~1", "k>99999999999999999999"}) {
    const auto condition = Condition::parse(text);
    ASSERT_FALSE(condition) << text;
    EXPECT_EQ(condition.error().code, Code::usage) << text;
    EXPECT_FALSE(condition.error().hint.empty()) << text;
  }
}

class ConditionWaitTest : public testing::Test {
 protected:
  ConditionWait wait_for(const std::vector<std::string>& texts) {
    std::vector<Condition> conditions;
    for (const std::string& text : texts) conditions.push_back(parsed(text));
    return {*client_, std::move(conditions)};
  }
  // The revision at which nothing was missing any more.
  static Result<std::int64_t> end(ConditionWait& wait) {
    for (;;) {
      COORD_TRY_INTO(const auto seen, wait.next(Context::within(20s)));
      if (wait.missing(seen).empty()) return seen.revision;
    }
  }

  fake::FakeEtcd server_;
  std::unique_ptr<etcd::Client> client_ = fake::client_of(server_);
};

TEST_F(ConditionWaitTest, WhatHoldsAlreadyTakesOneRead) {
  const auto revision = server_.put("a", "1");
  auto wait = wait_for({"a=1", "!b", "a:count=1"});
  EXPECT_EQ(end(wait), revision);
  EXPECT_EQ(server_.calls("Txn"), 1);
  EXPECT_EQ(server_.calls("Watch"), 0);
}

TEST_F(ConditionWaitTest, AllMustHoldAtOneRevision) {
  auto wait = wait_for({"a=1", "b=1"});
  auto ended = std::async(std::launch::async, [&] { return end(wait); });
  EXPECT_TRUE(server_.until([&] { return server_.watches().size() == 2; }));
  server_.put("a", "1");
  server_.put("a", "2");
  server_.put("b", "1");
  EXPECT_EQ(ended.wait_for(200ms), std::future_status::timeout);
  const auto revision = server_.put("a", "1");
  EXPECT_EQ(ended.get(), revision);
}

TEST_F(ConditionWaitTest, ItLivesThroughAnOutageAndACompaction) {
  auto wait = wait_for({"n>=3"});
  auto ended = std::async(std::launch::async, [&] { return end(wait); });
  EXPECT_TRUE(server_.until([&] { return !server_.watches().empty(); }));
  server_.stop();
  server_.put("n", "1");
  server_.put("n", "2");
  const auto revision = server_.put("n", "3");
  server_.compact(revision);
  server_.start();
  EXPECT_EQ(ended.get(), revision);
}

TEST_F(ConditionWaitTest, MoreConditionsThanATransactionTakes) {
  std::vector<std::string> texts;
  for (int i = 0; i < 250; ++i) {
    texts.push_back("k" + std::to_string(i) + "=x");
    server_.put("k" + std::to_string(i), "x");
  }
  auto wait = wait_for(texts);
  EXPECT_EQ(end(wait), server_.revision());
  EXPECT_EQ(server_.calls("Txn"), 3);
}

}  // namespace
}  // namespace coord::recipe
