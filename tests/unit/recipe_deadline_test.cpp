#include <gtest/gtest.h>

#include <algorithm>

#include "coord/recipe/deadline.hpp"

namespace coord::recipe {
namespace {

using namespace std::chrono_literals;

constexpr BootTime kSent{1000s};

HoldTimes times(Duration ttl, Duration grace) { return hold_times(kSent, ttl, grace); }

TEST(DeadlineTest, OfTheDefaults) {
  const HoldTimes found = times(15s, 3s);
  EXPECT_EQ(found.end, kSent + 14850ms);
  EXPECT_EQ(found.kill_at, kSent + 14100ms);
  EXPECT_EQ(found.term_at, kSent + 11100ms);
}

TEST(DeadlineTest, ShortLeasesKeepTheLeastAllowanceAndReserve) {
  const HoldTimes found = times(2s, 500ms);
  EXPECT_EQ(found.end, kSent + 1950ms);
  EXPECT_EQ(found.kill_at, kSent + 1700ms);
  EXPECT_EQ(found.term_at, kSent + 1200ms);
}

TEST(DeadlineTest, LongLeasesKeepAShareOfThemselves) {
  const HoldTimes found = times(100s, 10s);
  EXPECT_EQ(found.end, kSent + 99s);
  EXPECT_EQ(found.kill_at, kSent + 94s);
  EXPECT_EQ(found.term_at, kSent + 84s);
}

TEST(DeadlineTest, LongestGraceAndShortestTtl) {
  EXPECT_EQ(longest_grace(15s), 6600ms);
  EXPECT_EQ(longest_grace(2s), 700ms);
  EXPECT_EQ(longest_grace(1s), 200ms);
  EXPECT_EQ(shortest_ttl(0s), 1s);
  EXPECT_EQ(shortest_ttl(3s), 7s);
  EXPECT_EQ(shortest_ttl(10s), 23s);
}

TEST(DeadlineTest, TheTimesAreInOrderAndBeforeTheLeaseEnds) {
  for (Duration ttl = 1s; ttl <= 10min; ttl += 500ms) {
    for (const Duration grace : {Duration{0}, longest_grace(ttl) / 2, longest_grace(ttl)}) {
      const HoldTimes found = times(ttl, grace);
      ASSERT_LE(found.term_at, found.kill_at) << ttl.count();
      ASSERT_LT(found.kill_at, found.end) << ttl.count();
      ASSERT_LT(found.end, kSent + ttl) << ttl.count();
      ASSERT_EQ(found.kill_at - found.term_at, grace);
      ASSERT_GE(found.term_at, kSent + ttl / 2) << "no time for a second renewal";
    }
  }
}

TEST(DeadlineTest, ShortestTtlIsTheInverseOfLongestGrace) {
  for (Duration grace = 0s; grace <= 3min; grace += 50ms) {
    const auto ttl = shortest_ttl(grace);
    ASSERT_GE(longest_grace(ttl), grace) << grace.count();
    if (ttl > 1s) {
      ASSERT_LT(longest_grace(ttl - 1s), grace) << grace.count();
    }
  }
  for (auto ttl = 1s; ttl <= 10min; ttl += 1s) {
    ASSERT_LE(shortest_ttl(std::max<Duration>(longest_grace(ttl), 0s)), ttl);
  }
}

}  // namespace
}  // namespace coord::recipe
