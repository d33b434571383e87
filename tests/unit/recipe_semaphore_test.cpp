#include <atomic>

#include "coord/recipe/semaphore.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

class SemaphoreTest : public LockTest {
 protected:
  using Attempts = std::vector<std::unique_ptr<Attempt>>;

  static std::shared_ptr<Semaphore> sem(Attempt& attempt, Share share) {
    return std::make_shared<Semaphore>(attempt.client(), attempt.session(), "x", share,
                                       HolderInfo{.host = "h", .pid = 1});
  }
  static void begin(Attempt& attempt, Share share) {
    attempt.begin_with(
        [one = sem(attempt, share)](const Context& ctx) { return one->acquire(ctx); });
  }
  static std::string key(const Attempt& attempt) { return layout::lock_key("x", attempt.lease()); }

  // Somebody else's key, under the test's thumb.
  std::string foreign(const std::string& suffix, Share share) {
    const std::string name = "x/" + suffix;
    server_.put(name,
                HolderInfo{.host = "other", .pid = 2, .slots = share.slots, .weight = share.weight}
                    .to_json());
    return name;
  }
  // Makes ATTEMPT wait, and returns when its watches stand.
  void expect_waiting(Attempt& attempt, Share share) {
    begin(attempt, share);
    expect_watched(key(attempt));
    EXPECT_TRUE(attempt.waits());
  }
  void expect_held(const Result<Held>& held, const Attempt& attempt) {
    ASSERT_TRUE(held) << why(held);
    EXPECT_EQ(held->key, key(attempt));
    EXPECT_EQ(held->lease, attempt.lease());
    EXPECT_TRUE(held->written_once);
    EXPECT_TRUE(server_.value(held->key));
  }
  void expect_disagreement(const Result<Held>& held, const std::string& numbers) {
    ASSERT_FALSE(held);
    EXPECT_EQ(held.error().code, Code::bad_data) << why(held);
    EXPECT_NE(held.error().message.find(numbers), std::string::npos) << why(held);
  }

  Attempt one_{server_};
  Attempt two_{server_};
};

TEST_F(SemaphoreTest, AFreeOneIsTakenInOneTransaction) {
  const auto held = sem(one_, {3, 2})->acquire(soon());
  expect_held(held, one_);
  EXPECT_EQ(held->revision, held->create_revision);
  EXPECT_EQ(server_.calls("Txn"), 1);
  const auto info = HolderInfo::from_json(*server_.value(held->key));
  EXPECT_EQ(info->slots, 3);
  EXPECT_EQ(info->weight, 2);
  EXPECT_EQ(info->host, "h");
}

TEST_F(SemaphoreTest, AsManyAsThereAreSlotsAndNotOneMore) {
  const Share share{3, 1};
  Attempts holders;
  for (int i = 0; i < 3; ++i) {
    holders.push_back(std::make_unique<Attempt>(server_));
    const auto one = sem(*holders.back(), share);
    expect_held(i == 1 ? one->try_acquire(soon()) : one->acquire(soon()), *holders.back());
  }
  EXPECT_EQ(code(sem(one_, share)->try_acquire(soon())), Code::busy);
  expect_waiting(one_, share);
  server_.remove(key(*holders[1]));
  expect_held(one_.end(), one_);
}

TEST_F(SemaphoreTest, ARefusedTryLeavesNoTrace) {
  foreign("1", {2, 2});
  const auto revision = server_.revision();
  EXPECT_EQ(code(sem(one_, {2, 1})->try_acquire(soon())), Code::busy);
  EXPECT_EQ(server_.revision(), revision);
}

TEST_F(SemaphoreTest, ARefusedTryLeavesThePlaceOfAnotherOfItsSession) {
  const std::string holder = foreign("1", {1, 1});
  expect_waiting(one_, {1, 1});
  const auto revision = server_.revision();
  EXPECT_EQ(code(sem(one_, {1, 1})->try_acquire(soon())), Code::busy);
  EXPECT_EQ(server_.revision(), revision);
  server_.remove(holder);
  expect_held(one_.end(), one_);
}

TEST_F(SemaphoreTest, ALightOneStaysBehindAHeavyOneThatWaits) {
  const std::string holder = foreign("1", {3, 1});
  expect_waiting(one_, {3, 3});
  EXPECT_EQ(code(sem(two_, {3, 1})->try_acquire(soon())), Code::busy);
  expect_waiting(two_, {3, 1});
  server_.remove(holder);
  expect_held(one_.end(), one_);
  EXPECT_TRUE(two_.waits());
  server_.remove(key(one_));
  expect_held(two_.end(), two_);
}

TEST_F(SemaphoreTest, AHeavyOneWaitsUntilAllOfItFits) {
  for (const char* suffix : {"1", "2", "3"}) foreign(suffix, {3, 1});
  expect_waiting(one_, {3, 2});
  server_.remove("x/2");
  ASSERT_TRUE(server_.until([&] { return watched("x/1") > 0; }));
  EXPECT_TRUE(one_.waits());
  server_.remove("x/1");
  expect_held(one_.end(), one_);
}

// The herd: with N slots each is woken by the N before it, not by all.
TEST_F(SemaphoreTest, EachWatchesItselfAndTheNRightBefore) {
  constexpr int kSlots = 2;
  constexpr int kWaiters = 5;
  std::vector<std::string> keys{foreign("1", {kSlots, 1}), foreign("2", {kSlots, 1})};
  Attempts line;
  for (int i = 0; i < kWaiters; ++i) {
    line.push_back(std::make_unique<Attempt>(server_));
    expect_waiting(*line.back(), {kSlots, 1});
    keys.push_back(key(*line.back()));
    ASSERT_TRUE(server_.until(
        [&] { return server_.watches().size() == keys.size() - 2 + 2 * (keys.size() - 2); }));
  }
  for (const auto& watch : server_.watches()) {
    EXPECT_EQ(watch.start_revision, 0);
    EXPECT_TRUE(watch.range_end.empty());
  }
  EXPECT_EQ(watched(keys[0]), 1);
  EXPECT_EQ(watched(keys[1]), 2);
  for (std::size_t i = 2; i < kWaiters; ++i) EXPECT_EQ(watched(keys[i]), 3) << i;
  server_.remove(keys[0]);
  expect_held(line[0]->end(), *line[0]);
  EXPECT_EQ(server_.watches().size(), 15U);  // nobody else had to look for another one to watch
  server_.remove(keys[1]);
  expect_held(line[1]->end(), *line[1]);
  for (int i = 2; i < kWaiters; ++i) EXPECT_TRUE(line[static_cast<std::size_t>(i)]->waits());
}

TEST_F(SemaphoreTest, WithOneSlotItIsTheLock) {
  Contestant lock(server_);
  const auto held = lock.lock().acquire(soon());
  ASSERT_TRUE(held);
  EXPECT_EQ(code(sem(one_, {1, 1})->try_acquire(soon())), Code::busy);
  expect_waiting(one_, {1, 1});
  ASSERT_TRUE(lock.lock().release(soon(), *held));
  expect_held(one_.end(), one_);
  EXPECT_EQ(code(lock.lock().try_acquire(soon())), Code::busy);
}

TEST_F(SemaphoreTest, AnotherNumberOfSlotsIsRefusedWithoutATrace) {
  foreign("1", {3, 1});
  const auto revision = server_.revision();
  expect_disagreement(sem(one_, {2, 1})->acquire(soon()), "3 slots already, not 2");
  expect_disagreement(sem(one_, {4, 4})->try_acquire(soon()), "3 slots already, not 4");
  server_.remove("x/1");
  server_.put("x/2", "");
  expect_disagreement(sem(one_, {2, 1})->acquire(soon()), "1 slot already, not 2");
  EXPECT_EQ(server_.revision(), revision + 2);
}

// Both saw nobody's disagreement: one of them came first.
TEST_F(SemaphoreTest, TwoFirstOnesAtOnceTheYoungerTakesItsKeyBack) {
  foreign("1", {2, 1});
  server_.delay(150ms);
  begin(one_, {2, 1});
  ASSERT_TRUE(server_.until([&] { return server_.calls("Txn") >= 2; }));  // its put is on the way
  server_.remove("x/1");
  server_.put("x/2", "");
  server_.delay(0ms);
  expect_disagreement(one_.end(), "1 slot already, not 2");
  EXPECT_EQ(server_.keys("x/"), std::vector<std::string>{"x/2"});
}

TEST_F(SemaphoreTest, OneThatDoesNotAgreeInTheMiddleIsWaitedFor) {
  foreign("1", {3, 1});
  foreign("2", {2, 1});
  EXPECT_EQ(code(sem(two_, {3, 1})->try_acquire(soon())), Code::busy);
  expect_waiting(one_, {3, 1});
  server_.remove("x/1");  // it is the oldest now, which is nothing to us who came before that
  EXPECT_EQ(code(sem(two_, {3, 1})->try_acquire(soon())), Code::bad_data);
  EXPECT_TRUE(one_.waits());
  server_.remove("x/2");
  expect_held(one_.end(), one_);
}

TEST_F(SemaphoreTest, ALostReplyMakesNoSecondKey) {
  server_.drop_reply("Txn", 2);
  const auto held = sem(one_, {2, 1})->acquire(soon());
  expect_held(held, one_);
  EXPECT_EQ(server_.keys("x/").size(), 1U);
  server_.drop_reply("Txn", 2);
  expect_held(sem(two_, {2, 1})->acquire(soon()), two_);
  EXPECT_EQ(server_.keys("x/").size(), 2U);
}

TEST_F(SemaphoreTest, ALostReplyOfATryIsHeld) {
  foreign("1", {2, 1});
  server_.refuse("Txn", 14, "first one not even sent");
  server_.drop_reply("Txn", 2);
  expect_held(sem(one_, {2, 1})->try_acquire(soon()), one_);
  EXPECT_EQ(server_.keys("x/").size(), 2U);
}

TEST_F(SemaphoreTest, TheOwnKeyGoesWhileWeWait) {
  foreign("1", {1, 1});
  expect_waiting(one_, {1, 1});
  server_.expire_lease(one_.lease());
  EXPECT_EQ(code(one_.end()), Code::lost);
}

// With another weight those behind us would reckon with another room.
TEST_F(SemaphoreTest, TheOwnKeyIsPutAgainWhileWeWait) {
  foreign("1", {1, 1});
  expect_waiting(one_, {1, 1});
  server_.put(key(one_), "", one_.lease());
  server_.remove("x/1");
  EXPECT_EQ(code(one_.end()), Code::lost);
  EXPECT_TRUE(server_.keys("x/").empty());
}

TEST_F(SemaphoreTest, AnotherShareOfTheSameSessionIsRefused) {
  expect_held(sem(one_, {3, 1})->acquire(soon()), one_);
  expect_held(sem(one_, {3, 1})->acquire(soon()), one_);
  EXPECT_EQ(code(sem(one_, {3, 2})->acquire(soon())), Code::bad_data);
  EXPECT_TRUE(server_.value(key(one_)));
}

TEST_F(SemaphoreTest, WaitsThroughOutagesCompactionsAndBrokenStreams) {
  for (const char* suffix : {"1", "2", "3"}) foreign(suffix, {3, 1});
  expect_waiting(one_, {3, 1});
  server_.break_watch_streams();
  EXPECT_TRUE(one_.waits());
  server_.stop();
  server_.remove("x/1");
  server_.put("other", "");
  server_.compact(server_.revision());
  server_.start();
  expect_held(one_.end(), one_);
}

TEST_F(SemaphoreTest, MoreHoldersThanATransactionCanRead) {
  constexpr int kSlots = 250;
  for (int i = 1; i <= kSlots; ++i) foreign(layout::lease_hex(i), {kSlots, 1});
  expect_waiting(one_, {kSlots, 1});
  server_.stop();
  server_.remove("x/" + layout::lease_hex(1));
  server_.start();
  expect_held(one_.end(), one_);
}

TEST_F(SemaphoreTest, CancellingAndTimeLimitsEndTheWaiting) {
  foreign("1", {1, 1});
  expect_waiting(one_, {1, 1});
  one_.cancel();
  EXPECT_EQ(code(one_.end()), Code::cancelled);
  EXPECT_EQ(code(sem(two_, {1, 1})->acquire(Context::within(300ms))), Code::timed_out);
}

TEST_F(SemaphoreTest, NeverMoreThanNInside) {
  constexpr int kSlots = 3;
  constexpr int kRounds = 6;
  std::atomic<std::int64_t> inside = 0;
  std::atomic<int> done = 0;
  Attempts all;
  for (int i = 0; i < 7; ++i) all.push_back(std::make_unique<Attempt>(server_));
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Share share{kSlots, static_cast<std::int64_t>(i % kSlots) + 1};
      threads.emplace_back([&, share, one = sem(*all[i], share)] {
        for (int round = 0; round < kRounds; ++round) {
          const auto held = one->acquire(soon());
          if (!held) return;
          if ((inside += share.weight) <= kSlots) ++done;
          inside -= share.weight;
          if (!one->release(soon(), *held)) return;
        }
      });
    }
  }
  EXPECT_EQ(done, 7 * kRounds);
}

}  // namespace
}  // namespace coord::recipe
