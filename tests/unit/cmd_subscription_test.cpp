#include <gtest/gtest.h>

#include "cmd/commands/messages/subscription.hpp"

namespace coord::commands {
namespace {

using Kind = recipe::From::Kind;

TEST(ParseFrom, BeginningNowAndRevisions) {
  EXPECT_EQ(parse_from(std::nullopt)->kind, Kind::now);
  EXPECT_EQ(parse_from("now")->kind, Kind::now);
  EXPECT_EQ(parse_from("beginning")->kind, Kind::beginning);
  const auto at = parse_from("4711");
  ASSERT_TRUE(at);
  EXPECT_EQ(at->kind, Kind::position);
  EXPECT_EQ(at->position.next_revision(), 4711);
  EXPECT_FALSE(at->must_exist);
}

TEST(ParseFrom, RefusesAllElse) {
  for (const char* text : {"", "0", "-1", "1x", " 1", "Beginning", "9223372036854775808"}) {
    const auto from = parse_from(text);
    ASSERT_FALSE(from) << text;
    EXPECT_EQ(from.error().code, Code::usage);
  }
}

}  // namespace
}  // namespace coord::commands
