#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "coord/recipe/holder_info.hpp"
#include "coord/recipe/share.hpp"

namespace coord::recipe {
namespace {

std::vector<Share> of(std::int64_t slots, const std::vector<std::int64_t>& weights) {
  std::vector<Share> shares;
  for (const std::int64_t weight : weights) shares.push_back({slots, weight});
  return shares;
}

TEST(Share, KeysThatDoNotSayItTakeOneOfOne) {
  for (const char* value : {"", "x", "{}", R"({"slots":3,"weight":2})", R"({"host":"h","pid":1})",
                            R"({"host":"h","pid":1,"slots":0,"weight":1})",
                            R"({"host":"h","pid":1,"slots":-2,"weight":1})",
                            R"({"host":"h","pid":1,"slots":"3","weight":1})",
                            R"({"host":"h","pid":1,"slots":99999999999,"weight":1})"}) {
    EXPECT_EQ(share_of(value), Share{}) << value;
  }
}

TEST(Share, WeightsStayWithinTheSlots) {
  const auto share = [](std::int64_t slots, std::int64_t weight) {
    return share_of(HolderInfo{.host = "h", .pid = 1, .slots = slots, .weight = weight}.to_json());
  };
  EXPECT_EQ(share(3, 2), (Share{3, 2}));
  EXPECT_EQ(share(3, 0), (Share{3, 1}));
  EXPECT_EQ(share(3, -9), (Share{3, 1}));
  EXPECT_EQ(share(3, 1'000'000'000'000), (Share{3, 3}));
}

TEST(InTheWay, OneSlotIsALock) {
  EXPECT_EQ(in_the_way({}, {1, 1}), 0U);
  EXPECT_EQ(in_the_way(of(1, {1}), {1, 1}), 1U);
  EXPECT_EQ(in_the_way(of(1, {1, 1, 1}), {1, 1}), 1U);
}

TEST(InTheWay, WithEqualWeightsTheNRightBefore) {
  EXPECT_EQ(in_the_way(of(3, {1, 1}), {3, 1}), 0U);
  EXPECT_EQ(in_the_way(of(3, {1, 1, 1}), {3, 1}), 3U);
  EXPECT_EQ(in_the_way(of(3, {1, 1, 1, 1, 1, 1}), {3, 1}), 3U);
}

TEST(InTheWay, AHeavyOneThatWaitsIsNotOvertaken) {
  EXPECT_EQ(in_the_way(of(3, {1, 3}), {3, 1}), 1U);
  EXPECT_EQ(in_the_way(of(3, {3}), {3, 1}), 1U);
  EXPECT_EQ(in_the_way(of(5, {2, 3}), {5, 1}), 2U);
}

TEST(InTheWay, WhoHasAnotherNumberOfSlotsMustGo) {
  EXPECT_EQ(in_the_way(std::vector<Share>{{3, 1}, {1, 1}}, {3, 1}), 1U);
  EXPECT_EQ(in_the_way(std::vector<Share>{{1, 1}, {3, 1}}, {3, 1}), 2U);
  EXPECT_EQ(in_the_way(std::vector<Share>{{1000, 1}}, {1000, 1}), 0U);
}

// The rule itself, and why only those who are named have to be watched: whatever goes but them, it
// is not our turn; and it is our turn only if one of them has gone.
TEST(InTheWay, OnlyThoseCanChangeTheAnswer) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto up_to = [&](std::int64_t most) {
    return std::uniform_int_distribution<std::int64_t>(1, most)(random);
  };
  for (int round = 0; round < 20'000; ++round) {
    const std::int64_t slots = up_to(6);
    const Share ours{slots, up_to(slots)};
    std::vector<Share> older;
    for (std::int64_t i = up_to(8); i > 1; --i)
      older.push_back({up_to(10) == 1 ? slots + 1 : slots, up_to(slots)});
    std::int64_t sum = ours.weight;
    bool agreed = true;
    for (const Share& one : older) {
      sum += one.weight;
      agreed = agreed && one.slots == slots;
    }
    const std::size_t count = in_the_way(older, ours);
    ASSERT_EQ(count == 0, agreed && sum <= slots);
    std::vector<Share> left;
    for (std::size_t i = 0; i < older.size(); ++i) {
      if (i >= older.size() - count || up_to(2) == 1) left.push_back(older[i]);
    }
    ASSERT_TRUE(count == 0 || in_the_way(left, ours) > 0);
  }
}

}  // namespace
}  // namespace coord::recipe
