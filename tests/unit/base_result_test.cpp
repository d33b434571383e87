#include <gtest/gtest.h>

#include <memory>

#include "coord/base/result.hpp"

namespace coord {
namespace {

Result<int> number(bool good) {
  if (!good) return fail(Code::busy, "counting: no number", "wait");
  return 7;
}

Result<std::string> try_then_say(bool good) {
  COORD_TRY(number(good));
  return "said";
}

Result<int> add_two(bool first, bool second) {
  COORD_TRY_INTO(const int a, number(first));
  COORD_TRY_INTO(int b, number(second));
  return a + b;
}

TEST(Try, GoesOnAfterAValue) { EXPECT_EQ(try_then_say(true).value(), "said"); }

TEST(Try, ReturnsTheWholeError) {
  const auto result = try_then_say(false);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Code::busy);
  EXPECT_EQ(result.error().message, "counting: no number");
  EXPECT_EQ(result.error().hint, "wait");
}

TEST(TryInto, DeclaresMoreThanOneNameInAFunction) {
  EXPECT_EQ(add_two(true, true).value(), 14);
  EXPECT_FALSE(add_two(true, false));
  EXPECT_FALSE(add_two(false, true));
}

TEST(TryInto, AssignsToWhatIsThere) {
  const auto assign = []() -> Result<int> {
    int value = 0;
    COORD_TRY_INTO(value, number(true));
    return value;
  };
  EXPECT_EQ(assign().value(), 7);
}

TEST(TryInto, MovesTheValue) {
  const auto make = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(7); };
  const auto take = [&]() -> Result<int> {
    COORD_TRY_INTO(const std::unique_ptr<int> pointer, make());
    return *pointer;
  };
  EXPECT_EQ(take().value(), 7);
}

TEST(InContext, SaysWhatFailedFirst) {
  const Error error = in_context("lock backup", {Code::lost, "lease gone", "run it again"});
  EXPECT_EQ(error.message, "lock backup: lease gone");
  EXPECT_EQ(error.code, Code::lost);
  EXPECT_EQ(error.hint, "run it again");
}

}  // namespace
}  // namespace coord
