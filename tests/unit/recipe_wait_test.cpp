#include <algorithm>
#include <atomic>

#include "coord/recipe/wait.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

class WaitTest : public LockTest {
 protected:
  // A predecessor without a session: as a Go program leaves it, and under the test's thumb.
  void hold() { server_.put("x/1", ""); }

  Contestant one_{server_};
};

TEST_F(WaitTest, ThePredecessorGoesWhileWeWait) {
  hold();
  one_.begin();
  expect_in_line(one_);
  server_.remove("x/1");
  expect_owner(one_.end(), one_);
}

TEST_F(WaitTest, ThePredecessorGoesBetweenTheReadAndTheWatch) {
  hold();
  server_.delay(100ms);
  one_.begin();
  // The acquiring transaction, then the look; the watches are held up on their way.
  ASSERT_TRUE(server_.until([&] { return server_.calls("Watch") >= 1; }));
  server_.remove("x/1");
  expect_owner(one_.end(), one_);
}

TEST_F(WaitTest, ThePredecessorGoesBeforeTheFirstLook) {
  hold();
  server_.delay(100ms);
  one_.begin();
  ASSERT_TRUE(server_.until([&] { return server_.calls("Txn") >= 2; }));
  server_.remove("x/1");
  expect_owner(one_.end(), one_);
}

TEST_F(WaitTest, APredecessorThatComesBackIsBehindUs) {
  hold();
  one_.begin();
  expect_in_line(one_);
  server_.remove("x/1");
  server_.put("x/1", "");
  expect_owner(one_.end(), one_);
}

TEST_F(WaitTest, TheOwnKeyIsDeleted) {
  hold();
  one_.begin();
  expect_in_line(one_);
  server_.remove(one_.key());
  EXPECT_EQ(code(one_.end()), Code::lost);
  EXPECT_EQ(server_.keys("x/"), std::vector<std::string>{"x/1"});
}

TEST_F(WaitTest, TheOwnKeyIsDeletedAndMadeAgainBySomebody) {
  hold();
  one_.begin();
  expect_in_line(one_);
  server_.remove(one_.key());
  server_.put(one_.key(), "", one_.lease());
  EXPECT_EQ(code(one_.end()), Code::lost);
}

TEST_F(WaitTest, OwnKeyAndPredecessorGoTogether) {
  hold();
  one_.begin();
  expect_in_line(one_);
  server_.stop();
  server_.remove("x/1");
  server_.expire_lease(one_.lease());
  server_.start();
  EXPECT_EQ(code(one_.end()), Code::lost);
}

TEST_F(WaitTest, CompactionIsNoEnd) {
  hold();
  one_.begin();
  expect_in_line(one_);
  for (int i = 0; i < 3; ++i) {
    server_.put("other", "");
    server_.compact(server_.revision());
    server_.break_watch_streams();
    EXPECT_TRUE(one_.waits());
  }
  server_.remove("x/1");
  expect_owner(one_.end(), one_);
}

// The watch goes on from a revision that is compacted when the stream comes back.
TEST_F(WaitTest, ADeletionBehindACompactionIsFound) {
  hold();
  one_.begin();
  expect_in_line(one_);
  server_.stop();
  server_.remove("x/1");
  server_.put("other", "");
  server_.compact(server_.revision());
  server_.start();
  expect_owner(one_.end(), one_);
}

TEST_F(WaitTest, BrokenStreamsAreOpenedAgain) {
  hold();
  one_.begin();
  expect_in_line(one_);
  for (int i = 1; i < 6; ++i) {
    ASSERT_TRUE(server_.until([&] { return watched("x/1") >= i; }));
    server_.break_watch_streams();
    EXPECT_TRUE(one_.waits());
  }
  server_.remove("x/1");
  server_.break_watch_streams();
  expect_owner(one_.end(), one_);
}

TEST_F(WaitTest, AServerThatIsSilentForAWhile) {
  hold();
  one_.begin();
  expect_in_line(one_);
  server_.never_answer(true);
  server_.break_watch_streams();
  server_.remove("x/1");
  ASSERT_TRUE(server_.until([&] { return server_.streams("Watch") > 0; }));
  EXPECT_TRUE(one_.waits());
  server_.never_answer(false);
  expect_owner(one_.end(), one_);
}

TEST_F(WaitTest, AServerThatIsAwayForAWhile) {
  hold();
  one_.begin();
  expect_in_line(one_);
  server_.stop();
  ASSERT_TRUE(server_.until([&] { return one_.client().trouble().has_value(); }));
  EXPECT_TRUE(one_.waits());
  server_.start();
  server_.remove("x/1");
  expect_owner(one_.end(), one_);
}

TEST_F(WaitTest, EachWatchesItselfAndTheOneBefore) {
  hold();
  constexpr int kWaiters = 5;
  std::vector<std::unique_ptr<Contestant>> line;
  std::vector<std::string> keys{"x/1"};
  for (int i = 0; i < kWaiters; ++i) {
    line.push_back(std::make_unique<Contestant>(server_));
    line.back()->begin();
    expect_in_line(*line.back());
    ASSERT_TRUE(server_.until([&] { return watched(keys.back()) >= (i == 0 ? 1 : 2); }));
    keys.push_back(line.back()->key());
  }
  for (const auto& watch : server_.watches()) {
    EXPECT_TRUE(watch.range_end.empty());
    EXPECT_EQ(watch.start_revision, 0);
    EXPECT_TRUE(watch.no_put);
  }
  // The first is watched by the second only, all others by themselves and their successor.
  for (int i = 0; i <= kWaiters; ++i) {
    EXPECT_EQ(watched(keys[static_cast<std::size_t>(i)]), i == 0 || i == kWaiters ? 1 : 2) << i;
  }
}

TEST_F(WaitTest, AWaiterInTheMiddleDies) {
  hold();
  Contestant two(server_);
  one_.begin();
  expect_in_line(one_);
  two.begin();
  expect_in_line(two);
  server_.expire_lease(one_.lease());
  EXPECT_EQ(code(one_.end()), Code::lost);
  ASSERT_TRUE(server_.until([&] { return watched("x/1") >= 2; }));  // its successor moves up
  EXPECT_TRUE(two.waits());
  server_.remove("x/1");
  expect_owner(two.end(), two);
}

TEST_F(WaitTest, ManyGetItOneAfterTheOther) {
  std::vector<std::unique_ptr<Contestant>> all;
  for (int i = 0; i < 6; ++i) all.push_back(std::make_unique<Contestant>(server_));
  std::atomic<int> inside = 0;
  std::atomic<int> done = 0;
  {
    std::vector<std::jthread> threads;
    for (const auto& one : all) {
      threads.emplace_back([&, lock = &one->lock()] {
        for (int round = 0; round < 5; ++round) {
          const auto held = lock->acquire(soon());
          if (!held) return;
          if (++inside == 1) ++done;
          --inside;
          if (!lock->release(soon(), *held)) return;
        }
      });
    }
  }
  EXPECT_EQ(done, 30);
}

}  // namespace
}  // namespace coord::recipe
