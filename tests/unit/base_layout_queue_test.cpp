#include <gtest/gtest.h>

#include "coord/base/layout_queue.hpp"

namespace coord::layout {
namespace {

TEST(LayoutQueueTest, KeysAreThoseOfGosRecipes) {
  EXPECT_EQ(fifo_item("jobs", "1700000000000000000123456"), "jobs/1700000000000000000123456000");
  EXPECT_EQ(fifo_item("jobs", "1", 7), "jobs/1007");
  EXPECT_EQ(priority_item("jobs", 7, 42), "jobs/00007/0000000000000042");
  EXPECT_EQ(priority_level("jobs", 65535), "jobs/65535/");
  EXPECT_EQ(priority_bookkeeping("jobs", 7), "__jobs/00007");
  EXPECT_EQ(dead_queue("jobs"), "jobs.dead");
}

TEST(LayoutQueueTest, ItemsAreReadBack) {
  const auto fifo = parse_queue_item("jobs", "jobs/17.3");
  ASSERT_TRUE(fifo);
  EXPECT_EQ(fifo->kind, QueueKind::fifo);
  EXPECT_EQ(fifo->base, "jobs/17");
  EXPECT_EQ(fifo->attempts, 3);
  const auto item = parse_queue_item("jobs", "jobs/00007/0000000000000042.2");
  ASSERT_TRUE(item);
  EXPECT_EQ(item->kind, QueueKind::priority);
  EXPECT_EQ(item->priority, 7);
  EXPECT_EQ(item->number, 42U);
  EXPECT_EQ(item->attempts, 2);
  EXPECT_EQ(with_attempts(item->base, 3), "jobs/00007/0000000000000042.3");
  EXPECT_EQ(with_attempts(item->base, 0), item->base);
}

TEST(LayoutQueueTest, AttemptsAreReadBehindDigitsOnly) {
  for (const char* key :
       {"jobs/a.3", "jobs/17.", "jobs/17.x", "jobs/.3", "jobs/17.0", "jobs/17.03"}) {
    const auto item = parse_queue_item("jobs", key);
    ASSERT_TRUE(item) << key;
    EXPECT_EQ(item->attempts, 0) << key;
    EXPECT_EQ(item->base, key);
  }
}

TEST(LayoutQueueTest, KeysOfOtherThingsAreNoItems) {
  for (const char* key : {"jobs", "jobs/", "jobsx/17", "jobs/x/17", "jobs/7/17", "jobs/00007/",
                          "jobs/00007/a", "jobs/70000/17", "jobs/00007/1/2"})
    EXPECT_FALSE(parse_queue_item("jobs", key)) << key;
}

TEST(LayoutQueueTest, ClaimsAreReadBack) {
  const std::string key = claim_key("a/b", 255, "a/b/00007/0000000000000042.1");
  EXPECT_EQ(key, "__a/b/claims/ff/00007/0000000000000042.1");
  const auto claim = parse_claim("a/b", key);
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->lease, 255);
  EXPECT_EQ(claim->item_key, "a/b/00007/0000000000000042.1");
  EXPECT_EQ(claim->item.attempts, 1);
  EXPECT_EQ(alive_key("a/b", 255), "__a/b/alive/ff");
  EXPECT_EQ(parse_alive("a/b", "__a/b/alive/ff"), 255);
  EXPECT_TRUE(is_alive_key("__a/b/alive/ff"));
  EXPECT_FALSE(is_alive_key("a/alive/ff"));
  EXPECT_FALSE(is_alive_key("__a/b/alive/"));
  EXPECT_FALSE(is_alive_key("alive"));
  EXPECT_EQ(producer_key("a", "17"), "__a/puts/17");
}

// A queue called `a/claims` keeps its claims where those of `a` are.
TEST(LayoutQueueTest, ClaimsOfQueuesThatNestAreNotOurs) {
  for (const std::string other : {"a/claims", "a/claims/ff"})
    EXPECT_FALSE(parse_claim("a", claim_key(other, 255, other + "/17"))) << other;
}

TEST(LayoutQueueTest, NoTwoItemsHaveTheSameDigits) { EXPECT_NE(unique_digits(), unique_digits()); }

}  // namespace
}  // namespace coord::layout
