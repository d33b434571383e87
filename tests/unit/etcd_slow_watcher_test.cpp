// A watcher that does not read: the others go on, and it misses nothing when it reads at last.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "coord/etcd/watch.hpp"
#include "fake/client_of.hpp"

namespace coord::etcd {
namespace {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;
using Kind = WatchReply::Kind;

class SlowWatcherTest : public testing::Test {
 protected:
  static constexpr int kWatches = 64;  // of one key, so that each put is that many replies
  static constexpr int kPuts = 100;

  SlowWatcherTest() {
    for (int i = 0; i < kWatches; ++i) slow_.add({.key = "k"});
    fast_.add({.key = "k"});
    EXPECT_EQ(next(fast_).kind, Kind::created);
  }

  static WatchReply next(Watcher& watcher) {
    auto reply = watcher.next(soon());
    if (!reply) throw std::runtime_error(why(reply));
    return *std::move(reply);
  }

  // Puts 1, 2, … one by one, each heard of by the fast one before the next.
  void put_more_than_fits() {
    for (int i = 1; i <= kPuts; ++i) {
      server_.put("k", std::to_string(i));
      const WatchReply reply = next(fast_);
      ASSERT_EQ(reply.kind, Kind::events);
      ASSERT_EQ(reply.events.at(0).kv.value, std::to_string(i));
    }
  }

  // Reads until all watches have brought COUNT values; each must bring 1, 2, … in order.
  void expect_all_values(int count, const std::vector<Kind>& others) {
    std::map<std::int64_t, int> last;
    int complete = 0;
    while (complete < kWatches) {
      const WatchReply reply = next(slow_);
      if (reply.kind != Kind::events) {
        EXPECT_NE(std::ranges::find(others, reply.kind), others.end())
            << static_cast<int>(reply.kind);
      }
      for (const Event& event : reply.events) {
        ASSERT_EQ(event.kv.value, std::to_string(last[reply.id] + 1)) << "watch " << reply.id;
        if (++last[reply.id] == count) ++complete;
      }
    }
  }

  fake::FakeEtcd server_;
  std::unique_ptr<Client> client_ = fake::client_of(server_);
  Watcher slow_{*client_};
  Watcher fast_{*client_};
};

TEST_F(SlowWatcherTest, DoesNotHoldUpTheOthersAndMissesNothing) {
  put_more_than_fits();
  expect_all_values(kPuts, {Kind::created});
  const auto none = slow_.next(Context::within(50ms));
  EXPECT_FALSE(none) << static_cast<int>(none->kind);  // nothing twice, and no word of the pause
}

TEST_F(SlowWatcherTest, HearsOfWhatHappensAfterItHasCaughtUp) {
  put_more_than_fits();
  expect_all_values(kPuts, {Kind::created});
  server_.put("k", "after");
  for (int i = 0; i < kWatches; ++i) EXPECT_EQ(next(slow_).events.at(0).kv.value, "after");
}

TEST_F(SlowWatcherTest, MissesNothingWhenTheStreamBreaksMeanwhile) {
  put_more_than_fits();
  server_.break_watch_streams();
  ASSERT_EQ(next(fast_).kind, Kind::interrupted);
  ASSERT_EQ(next(fast_).kind, Kind::resumed);
  expect_all_values(kPuts, {Kind::created, Kind::interrupted, Kind::resumed});
}

// The other one finds room while the queue is still too full for the paused ones to be asked for.
TEST_F(SlowWatcherTest, IsNotForgottenWhenAnotherOfItsWatchesFindsRoom) {
  slow_.add({.key = "other"});
  fast_.add({.key = "other"});
  EXPECT_EQ(next(fast_).kind, Kind::created);
  put_more_than_fits();
  std::map<std::int64_t, int> last;
  const auto read_one = [&] {
    const WatchReply reply = next(slow_);
    for (const Event& event : reply.events) {
      if (event.kv.key != "k") continue;
      ASSERT_EQ(event.kv.value, std::to_string(++last[reply.id]));
    }
  };
  for (int i = 0; i < 1000; ++i) read_one();
  for (int i = 0; i < 2; ++i) {  // once the second one is there, the first has come to both
    server_.put("other", "x");
    EXPECT_EQ(next(fast_).events.at(0).kv.key, "other");
  }
  const auto is_complete = [](const auto& one) { return one.second == kPuts; };
  while (std::ranges::count_if(last, is_complete) < kWatches) ASSERT_NO_THROW(read_one());
}

TEST_F(SlowWatcherTest, IsToldWhenWhatItHasNotReadIsCompacted) {
  put_more_than_fits();
  server_.compact(server_.revision());
  int compacted = 0;
  std::map<std::int64_t, int> last;
  while (compacted < kWatches) {
    const WatchReply reply = next(slow_);
    for (const Event& event : reply.events)
      ASSERT_EQ(event.kv.value, std::to_string(++last[reply.id]));
    if (reply.kind == Kind::compacted) ++compacted;
  }
}

}  // namespace
}  // namespace coord::etcd
