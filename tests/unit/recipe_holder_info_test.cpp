#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "coord/recipe/holder_info.hpp"

namespace coord::recipe {
namespace {

HolderInfo sample() {
  return {.host = "db1",
          .user = "ops",
          .pid = 4711,
          .program = "pg_dump",
          .since = "2026-01-02T03:04:05Z",
          .note = ""};
}

HolderInfo back(const HolderInfo& info) {
  const auto found = HolderInfo::from_json(info.to_json());
  EXPECT_TRUE(found) << info.to_json();
  return found.value_or(HolderInfo{});
}

TEST(HolderInfoTest, IsOneLineOfJsonInAFixedOrder) {
  EXPECT_EQ(sample().to_json(), R"({"host":"db1","user":"ops","pid":4711,"program":"pg_dump",)"
                                R"("since":"2026-01-02T03:04:05Z"})");
}

TEST(HolderInfoTest, ANoteIsWrittenOnlyIfThereIsOne) {
  HolderInfo info = sample();
  info.note = "until noon";
  EXPECT_TRUE(info.to_json().ends_with(R"(,"note":"until noon"})"));
  EXPECT_EQ(back(info).note, "until noon");
}

TEST(HolderInfoTest, ASemaphoresShareIsWrittenBesideTheRest) {
  HolderInfo info = sample();
  info.slots = 3;
  info.weight = 2;
  EXPECT_TRUE(info.to_json().ends_with(R"(,"slots":3,"weight":2})"));
  EXPECT_EQ(back(info).slots, 3);
  EXPECT_EQ(back(info).weight, 2);
  EXPECT_EQ(back(sample()).slots, 0);
}

TEST(HolderInfoTest, OddTextComesBackAsItWas) {
  HolderInfo info = sample();
  info.host = "";
  info.user = "a\"b\\c\nd\te";
  info.program = "\xd0\xb6\xe2\x82\xac\xf0\x9f\x94\x92";
  info.note = std::string("x\0y", 3) + "\x1b[31m";
  info.pid = std::numeric_limits<std::int64_t>::max();
  const HolderInfo found = back(info);
  EXPECT_EQ(found.host, info.host);
  EXPECT_EQ(found.user, info.user);
  EXPECT_EQ(found.program, info.program);
  EXPECT_EQ(found.note, info.note);
  EXPECT_EQ(found.pid, info.pid);
  EXPECT_EQ(found.since, info.since);
}

TEST(HolderInfoTest, BytesThatAreNoUtf8AreReplacedAndDoNotThrow) {
  HolderInfo info = sample();
  info.program = "caf\xe9\xff";
  info.note = "\xc3";
  const HolderInfo found = back(info);
  EXPECT_EQ(found.program, "caf\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(found.note, "\xef\xbf\xbd");
}

TEST(HolderInfoTest, WhatElseIsInThereIsIgnored) {
  const auto found = HolderInfo::from_json(
      R"( {"note":7, "extra":{"a":[1]}, "pid":12, "user":null, "host":"h"} )");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->host, "h");
  EXPECT_EQ(found->pid, 12);
  EXPECT_EQ(found->user, "");
  EXPECT_EQ(found->note, "");
}

TEST(HolderInfoTest, AValueOfTheWrongKindIsAsGoodAsNone) {
  const auto found = HolderInfo::from_json(R"({"host":["x"],"pid":"12"})");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->host, "");
  EXPECT_EQ(found->pid, 0);
  EXPECT_EQ(HolderInfo::from_json(R"({"host":"h","pid":1.5})")->pid, 0);
}

TEST(HolderInfoTest, ForeignValuesAreNone) {
  for (const char* text : {"", " ", "null", "true", "12", "\"host\"", "[]", "[{\"host\":1}]", "{}",
                           R"({"host":"h"})", R"({"pid":1})", R"({"host":"h","pid":1)",
                           R"({"host":"h","pid":1}x)", "\xff\xfe", "web-1:8080"}) {
    EXPECT_FALSE(HolderInfo::from_json(text)) << text;
  }
  EXPECT_FALSE(HolderInfo::from_json(std::string(1, '\0')));
  EXPECT_FALSE(HolderInfo::from_json(std::string(100'000, '{')));
}

}  // namespace
}  // namespace coord::recipe
