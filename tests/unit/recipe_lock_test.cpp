#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

constexpr int kCancelled = 1;  // gRPC's statuses
constexpr int kPermissionDenied = 7;

TEST_F(LockTest, AFreeLockIsTakenInOneTransaction) {
  Contestant one(server_);
  const auto held = one.lock().acquire(soon());
  expect_owner(held, one);
  EXPECT_EQ(held->name, "x");
  EXPECT_EQ(held->key, "x/" + layout::lease_hex(one.lease()));
  EXPECT_EQ(held->revision, held->create_revision);
  EXPECT_EQ(server_.calls("Txn"), 1);
  EXPECT_TRUE(server_.watches().empty());
  EXPECT_EQ(HolderInfo::from_json(*server_.value(one.key()))->host, "h");
}

TEST_F(LockTest, ALostReplyMakesNoSecondKey) {
  Contestant one(server_);
  server_.drop_reply("Txn", 2);
  const auto held = one.lock().acquire(soon());
  expect_owner(held, one);
  EXPECT_EQ(server_.keys("x/"), std::vector{one.key()});
  EXPECT_GE(server_.calls("Txn"), 3);
}

TEST_F(LockTest, ALostReplyWhileSomebodyElseHoldsMakesNoSecondPlace) {
  Contestant one(server_);
  Contestant two(server_);
  const auto first = one.lock().acquire(soon());
  server_.drop_reply("Txn");
  two.begin();
  expect_in_line(two);
  EXPECT_EQ(server_.keys("x/").size(), 2U);
  ASSERT_TRUE(one.lock().release(soon(), *first));
  expect_owner(two.end(), two);
}

TEST_F(LockTest, ALostReplyOfATryIsOwned) {
  Contestant one(server_);
  server_.drop_reply("Txn");
  expect_owner(one.lock().try_acquire(soon()), one);
}

TEST_F(LockTest, ARefusedTryLeavesNoTrace) {
  Contestant one(server_);
  Contestant two(server_);
  ASSERT_TRUE(one.lock().acquire(soon()));
  const auto revision = server_.revision();
  EXPECT_EQ(code(two.lock().try_acquire(soon())), Code::busy);
  EXPECT_EQ(server_.revision(), revision);
  EXPECT_EQ(server_.keys("x/"), std::vector{one.key()});
}

TEST_F(LockTest, ReleaseTakesTheOwnKeyOnly) {
  Contestant one(server_);
  const auto held = one.lock().acquire(soon());
  ASSERT_TRUE(one.lock().release(soon(), *held));
  EXPECT_TRUE(server_.keys("x/").empty());
  EXPECT_TRUE(one.lock().release(soon(), *held));
  const auto again = one.lock().acquire(soon());
  ASSERT_TRUE(again);
  EXPECT_TRUE(one.lock().release(soon(), *held));  // the older one's revision
  EXPECT_TRUE(server_.value(one.key()));
}

TEST_F(LockTest, TheTokenGrowsFromHolderToHolder) {
  std::int64_t last = 0;
  Contestant one(server_);
  Contestant two(server_);
  auto held = one.lock().acquire(soon());
  for (Contestant* next : {&two}) {
    next->begin();
    expect_in_line(*next);
    ASSERT_TRUE(held);
    EXPECT_GT(held->revision, last);
    last = held->revision;
    ASSERT_TRUE(one.lock().release(soon(), *held));
    held = next->end();
  }
  ASSERT_TRUE(held);
  EXPECT_GT(held->revision, last);
  EXPECT_GT(held->revision, held->create_revision);
}

TEST_F(LockTest, TheLeaseOfAReEntrantSessionKeepsItsPlace) {
  Contestant one(server_);
  const auto held = one.lock().acquire(soon());
  const auto again = one.lock().acquire(soon());
  ASSERT_TRUE(again) << why(again);
  EXPECT_EQ(again->create_revision, held->create_revision);
}

TEST_F(LockTest, ARefusedPermissionIsToldAtOnce) {
  Contestant one(server_);
  server_.refuse("Txn", kPermissionDenied, "etcdserver: permission denied");
  EXPECT_EQ(code(one.lock().acquire(soon())), Code::denied);
}

TEST_F(LockTest, ATimeLimitEndsTheWaiting) {
  Contestant one(server_);
  Contestant two(server_);
  ASSERT_TRUE(one.lock().acquire(soon()));
  EXPECT_EQ(code(two.lock().acquire(Context::within(300ms))), Code::timed_out);
}

TEST_F(LockTest, ATimeLimitEndsTheTryingToo) {
  Contestant one(server_);
  server_.never_answer(true);
  const BootTime start = BootClock::now();
  EXPECT_EQ(code(one.lock().acquire(Context::within(300ms))), Code::timed_out);
  EXPECT_LT(BootClock::now() - start, 5s);
}

TEST_F(LockTest, CancellingEndsTheWaiting) {
  Contestant one(server_);
  Contestant two(server_);
  ASSERT_TRUE(one.lock().acquire(soon()));
  two.begin();
  expect_in_line(two);
  two.cancel();
  EXPECT_EQ(code(two.end()), Code::cancelled);
}

// --- what went wrong once ---

// The lease ended before our key was made, for instance during an outage: the same loss as later.
TEST_F(LockTest, ALeaseThatEndedBeforeThePutIsALoss) {
  Contestant one(server_);
  server_.expire_lease(one.lease());
  const auto held = one.lock().acquire(soon());
  EXPECT_EQ(code(held), Code::lost) << why(held);
}

// What a server that shuts down may say to those who wait. Nobody cancelled anything here.
TEST_F(LockTest, TheServersCancelledIsNotOurs) {
  Contestant one(server_);
  server_.refuse("Txn", kCancelled, "context canceled");
  expect_owner(one.lock().acquire(soon()), one);
}

}  // namespace
}  // namespace coord::recipe
