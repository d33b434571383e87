// The differences of two values.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cmd/commands/keys/line_diff.hpp"

namespace coord::commands {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(LineDiff, NamesWhatWentAndWhatCame) {
  EXPECT_THAT(line_diff("a\nb\nc\n", "a\nB\nc\n"), ElementsAre("-b", "+B"));
  EXPECT_THAT(line_diff("a\nb\nc\n", "b\nc\nd\n"), ElementsAre("-a", "+d"));
  EXPECT_THAT(line_diff("", "a\n"), ElementsAre("+a"));
  EXPECT_THAT(line_diff("a\n", ""), ElementsAre("-a"));
  EXPECT_THAT(line_diff("a\n", "a\n"), IsEmpty());
  EXPECT_THAT(line_diff("", ""), IsEmpty());
}

TEST(LineDiff, TellsOfAMissingNewline) {
  EXPECT_THAT(line_diff("a\n", "a"), ElementsAre("-a", "+a", "\\ no newline at the end"));
}

TEST(LineDiff, ShowsControlBytes) {
  EXPECT_THAT(line_diff("", "\x1b[31m\n"), ElementsAre("+\\x1b[31m"));
}

TEST(LineDiff, OfLongValuesListsAllBetweenTheFirstAndTheLastChange) {
  std::string before;
  std::string after;
  for (int i = 0; i < 5000; ++i) {
    before += std::to_string(i) + "\n";
    after += std::to_string(i % 4998 == 1 ? -i : i) + "\n";
  }
  const auto lines = line_diff(before, after);
  EXPECT_EQ(lines.size(), 2 * 4999);
  EXPECT_EQ(lines.front(), "-1");
  EXPECT_EQ(lines.back(), "+-4999");
}

}  // namespace
}  // namespace coord::commands
