#include <atomic>
#include <map>

#include "coord/recipe/double_barrier.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

constexpr const char* kReady = "x/ready";

class Participant {
 public:
  explicit Participant(const fake::FakeEtcd& server, std::int64_t count = 2)
      : client_(fake::client_of(server)), count_(count) {
    renew();
  }

  // With a new session, as a new process has it.
  void renew() {
    auto session = etcd::Session::open(*client_, soon(), 60s);
    if (!session) throw std::runtime_error(why(session));
    session_ = *std::move(session);
    barrier_.emplace(*client_, session_->lease(), "x", count_, HolderInfo{.host = "h", .pid = 1});
  }

  std::int64_t lease() const { return session_->lease(); }
  etcd::Client& client() { return *client_; }
  DoubleBarrier& barrier() { return *barrier_; }

  void begin_enter(Duration limit = 20s) {
    thread_ = std::jthread([this, limit](const std::stop_token& stop) {
      entered_ = barrier_->enter(Context(stop).at_most(limit));
      done_ = true;
    });
  }
  void begin_leave(Duration limit = 20s) {
    done_ = false;
    thread_ = std::jthread([this, limit](const std::stop_token& stop) {
      left_ = leave_double_barrier(*client_, Context(stop).at_most(limit), *entered_);
      done_ = true;
    });
  }
  void cancel() { thread_.request_stop(); }
  bool is_done() const { return done_; }
  const Result<Held>& entered() {
    if (thread_.joinable()) thread_.join();
    return entered_;
  }
  std::int64_t entered_revision() const { return entered_ ? entered_->revision : 0; }
  const Result<>& left() {
    if (thread_.joinable()) thread_.join();
    return left_;
  }

 private:
  std::unique_ptr<etcd::Client> client_;
  std::int64_t count_;
  std::unique_ptr<etcd::Session> session_;
  std::optional<DoubleBarrier> barrier_;
  Result<Held> entered_ = fail(Code::internal, "not yet");
  Result<> left_ = fail(Code::internal, "not yet");
  std::atomic<bool> done_ = false;
  std::jthread thread_;
};

class DoubleBarrierTest : public testing::Test {
 protected:
  std::size_t waiters() const { return server_.keys("x/waiters/").size(); }
  bool here(std::size_t count) const {
    return server_.until([&] { return waiters() == count; }, 20s);
  }
  bool watched(std::size_t count) const {
    return server_.until([&] { return server_.watches().size() >= count; }, 20s);
  }
  static Code code(const Result<Held>& held) { return held ? Code::internal : held.error().code; }
  static Code code(const Result<>& done) { return done ? Code::internal : done.error().code; }
  // one_ is the oldest.
  void let_in_both() {
    one_.begin_enter();
    ASSERT_TRUE(here(1));
    two_.begin_enter();
    ASSERT_TRUE(one_.entered()) << why(one_.entered());
    ASSERT_TRUE(two_.entered()) << why(two_.entered());
  }

  fake::FakeEtcd server_;
  Participant one_{server_};
  Participant two_{server_};
};

TEST_F(DoubleBarrierTest, TheLastOneLetsAllInAtOneRevision) {
  one_.begin_enter();
  ASSERT_TRUE(here(1));
  EXPECT_FALSE(one_.is_done());
  EXPECT_FALSE(server_.value(kReady));
  two_.begin_enter();
  const auto first = one_.entered();
  const auto last = two_.entered();
  ASSERT_TRUE(first && last) << why(first) << why(last);
  EXPECT_EQ(first->revision, last->revision);
  EXPECT_EQ(last->create_revision, last->revision);  // its key and ready in one transaction
  EXPECT_LT(first->create_revision, first->revision);
}

TEST_F(DoubleBarrierTest, AllLeaveTogetherAndNothingStays) {
  let_in_both();
  two_.begin_leave();
  ASSERT_TRUE(here(1));
  EXPECT_FALSE(two_.is_done());
  one_.begin_leave();
  EXPECT_TRUE(one_.left()) << why(one_.left());
  EXPECT_TRUE(two_.left()) << why(two_.left());
  EXPECT_TRUE(server_.keys().empty());
}

TEST_F(DoubleBarrierTest, TheOldestWaitsForAllOthersWithItsKey) {
  let_in_both();
  const auto before = server_.watches().size();
  one_.begin_leave();
  ASSERT_TRUE(watched(before + 1));
  EXPECT_EQ(waiters(), 2U);
  EXPECT_FALSE(one_.is_done());
  two_.begin_leave();
  EXPECT_TRUE(one_.left());
  EXPECT_TRUE(two_.left());
}

TEST_F(DoubleBarrierTest, OneParticipantNeedsNobody) {
  Participant alone(server_, 1);
  const auto held = alone.barrier().enter(soon());
  ASSERT_TRUE(held) << why(held);
  ASSERT_TRUE(leave_double_barrier(alone.client(), soon(), *held));
  EXPECT_TRUE(server_.keys().empty());
}

TEST_F(DoubleBarrierTest, AStaleReadyLetsNobodyIn) {
  server_.put(kReady, "");
  one_.begin_enter();
  ASSERT_TRUE(watched(2));
  EXPECT_FALSE(one_.is_done());
  two_.begin_enter();
  EXPECT_TRUE(one_.entered());
  EXPECT_TRUE(two_.entered());
}

TEST_F(DoubleBarrierTest, TooManyAreRefusedAndLeaveNoKey) {
  let_in_both();
  Participant three(server_);
  const auto before = server_.revision();
  EXPECT_EQ(code(three.barrier().enter(soon())), Code::busy);
  EXPECT_EQ(server_.revision(), before);
}

TEST_F(DoubleBarrierTest, AnotherCountIsRefused) {
  one_.begin_enter();
  ASSERT_TRUE(here(1));
  Participant other(server_, 3);
  EXPECT_EQ(code(other.barrier().enter(soon())), Code::bad_data);
  EXPECT_EQ(waiters(), 1U);
}

TEST_F(DoubleBarrierTest, ATryGetsInOnlyAsTheLastOne) {
  EXPECT_EQ(code(two_.barrier().try_enter(soon())), Code::busy);
  EXPECT_EQ(waiters(), 0U);
  one_.begin_enter();
  ASSERT_TRUE(here(1));
  EXPECT_TRUE(two_.barrier().try_enter(soon()));
  EXPECT_TRUE(one_.entered());
}

TEST_F(DoubleBarrierTest, ALostReplyMakesNoSecondKey) {
  server_.drop_reply("Txn", 3);
  one_.begin_enter();
  ASSERT_TRUE(watched(2));
  EXPECT_EQ(waiters(), 1U);
  two_.begin_enter();
  EXPECT_TRUE(one_.entered());
  EXPECT_TRUE(two_.entered());
  EXPECT_EQ(waiters(), 2U);
}

TEST_F(DoubleBarrierTest, ALostReplyOfTheLastOneIsFoundOut) {
  one_.begin_enter();
  ASSERT_TRUE(watched(2));
  server_.drop_reply("Txn", 3);
  two_.begin_enter();
  const auto held = two_.entered();
  ASSERT_TRUE(held) << why(held);
  EXPECT_EQ(held->revision, one_.entered()->revision);
}

TEST_F(DoubleBarrierTest, SomebodyElseTakesTheSlotOfOneThatDied) {
  one_.begin_enter();
  ASSERT_TRUE(watched(2));
  server_.expire_lease(one_.lease());
  EXPECT_EQ(code(one_.entered()), Code::lost);
  two_.begin_enter();
  ASSERT_TRUE(here(1));
  EXPECT_FALSE(two_.is_done());
  Participant three(server_);
  three.begin_enter();
  EXPECT_TRUE(two_.entered());
  EXPECT_TRUE(three.entered());
}

TEST_F(DoubleBarrierTest, ATimeLimitTakesTheKeyBack) {
  EXPECT_EQ(code(one_.barrier().enter(Context::within(500ms))), Code::timed_out);
  EXPECT_EQ(waiters(), 0U);
}

TEST_F(DoubleBarrierTest, CancellingTakesTheKeyBack) {
  one_.begin_enter();
  ASSERT_TRUE(here(1));
  one_.cancel();
  EXPECT_EQ(code(one_.entered()), Code::cancelled);
  EXPECT_EQ(waiters(), 0U);
}

// Nothing is heard of ready before the time is up, yet the others count on us.
TEST_F(DoubleBarrierTest, ATimeThatRunsOutAfterReadyIsNoTimeOut) {
  one_.begin_enter(2s);
  ASSERT_TRUE(watched(2));
  server_.stop();
  server_.put("x/waiters/1", "");
  server_.put(kReady, "");
  std::this_thread::sleep_until(std::chrono::steady_clock::now() + 2s);
  server_.start();
  EXPECT_TRUE(one_.entered()) << why(one_.entered());
}

TEST_F(DoubleBarrierTest, ReadyBehindACompactionIsFound) {
  one_.begin_enter();
  ASSERT_TRUE(watched(2));
  server_.stop();
  server_.put("x/waiters/1", "");
  server_.put(kReady, "");
  server_.put("other", "");
  server_.compact(server_.revision());
  server_.start();
  EXPECT_TRUE(one_.entered()) << why(one_.entered());
}

TEST_F(DoubleBarrierTest, CompactionAndBrokenStreamsAreNoEnd) {
  one_.begin_enter();
  ASSERT_TRUE(watched(2));
  for (int i = 0; i < 3; ++i) {
    server_.put("other", "");
    server_.compact(server_.revision());
    server_.break_watch_streams();
    EXPECT_FALSE(one_.is_done());
  }
  two_.begin_enter();
  EXPECT_TRUE(one_.entered());
  EXPECT_TRUE(two_.entered());
}

// A Go program that dies between its key and ready.
TEST_F(DoubleBarrierTest, ReadyIsPutForALastOneThatCannot) {
  one_.begin_enter();
  ASSERT_TRUE(watched(2));
  server_.put("x/waiters/1", "");
  const auto held = one_.entered();
  ASSERT_TRUE(held) << why(held);
  EXPECT_TRUE(server_.value(kReady));
}

TEST_F(DoubleBarrierTest, WhoDiesInsideIsNotWaitedFor) {
  let_in_both();
  two_.begin_leave();
  ASSERT_TRUE(here(1));
  server_.expire_lease(one_.lease());
  EXPECT_TRUE(two_.left()) << why(two_.left());
  EXPECT_FALSE(server_.value(kReady));
}

TEST_F(DoubleBarrierTest, WhoDesertsWaitsForNobodyAndTheLastOneTakesReadyAlong) {
  let_in_both();
  const auto first = one_.entered();
  const auto second = two_.entered();
  ASSERT_TRUE(desert_double_barrier(two_.client(), soon(), *second));
  EXPECT_EQ(waiters(), 1U);
  EXPECT_TRUE(server_.value(kReady));
  ASSERT_TRUE(desert_double_barrier(one_.client(), soon(), *first));
  EXPECT_TRUE(server_.keys().empty());
  EXPECT_TRUE(desert_double_barrier(one_.client(), soon(), *first));
}

TEST_F(DoubleBarrierTest, WhoDesertsLeavesTheReadyOfALaterRound) {
  let_in_both();
  const auto first = one_.entered();
  server_.expire_lease(two_.lease());
  const auto later = server_.put(kReady, "");
  ASSERT_TRUE(desert_double_barrier(one_.client(), soon(), *first));
  EXPECT_TRUE(server_.value(kReady));
  EXPECT_GT(later, first->revision);
}

TEST_F(DoubleBarrierTest, TheOldestLosesItsKeyInLeave) {
  let_in_both();
  const auto before = server_.watches().size();
  one_.begin_leave();
  ASSERT_TRUE(watched(before + 1));
  server_.expire_lease(one_.lease());
  EXPECT_EQ(code(one_.left()), Code::lost);
}

TEST_F(DoubleBarrierTest, LostRepliesInLeaveDoNoHarm) {
  let_in_both();
  server_.drop_reply("Txn", 6);
  two_.begin_leave();
  one_.begin_leave();
  EXPECT_TRUE(one_.left()) << why(one_.left());
  EXPECT_TRUE(two_.left()) << why(two_.left());
  EXPECT_TRUE(server_.keys().empty());
}

// The next round is under way before a slow leaver has looked: it must not wait for that one.
TEST_F(DoubleBarrierTest, KeysOfTheNextRoundKeepNobodyInLeave) {
  let_in_both();
  two_.begin_leave();
  ASSERT_TRUE(here(1));
  server_.stop();
  for (const std::string& key : server_.keys("x/waiters/")) server_.remove(key);
  server_.put("x/waiters/1", "");
  server_.put("x/waiters/2", "");
  server_.put(kReady, "");
  server_.start();
  EXPECT_TRUE(two_.left()) << why(two_.left());
}

TEST_F(DoubleBarrierTest, WhoComesInTheMiddleOfARoundWaitsForItsEnd) {
  let_in_both();
  const auto first_round = one_.entered_revision();
  two_.begin_leave();
  ASSERT_TRUE(here(1));
  Participant three(server_);
  Participant four(server_);
  EXPECT_EQ(code(four.barrier().try_enter(soon())), Code::busy);
  const auto before = server_.watches().size();
  three.begin_enter();
  four.begin_enter();
  ASSERT_TRUE(watched(before + 2));
  EXPECT_EQ(waiters(), 1U);
  one_.begin_leave();
  ASSERT_TRUE(three.entered());
  ASSERT_TRUE(four.entered());
  EXPECT_GT(three.entered_revision(), first_round);
  EXPECT_EQ(three.entered_revision(), four.entered_revision());
  EXPECT_TRUE(two_.left());
}

TEST_F(DoubleBarrierTest, RoundsOnOneNameNeverMix) {
  constexpr int kRounds = 20;
  constexpr int kCount = 3;
  std::mutex mutex;
  std::map<std::int64_t, int> rounds;  // by the revision of ready
  std::atomic<int> inside = 0;
  std::atomic<int> trouble = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kCount; ++i) {
      threads.emplace_back([&] {
        Participant one(server_, kCount);
        for (int round = 0; round < kRounds; ++round) {
          one.renew();
          const auto held = one.barrier().enter(soon());
          if (!held) return void(++trouble);
          ++inside;
          if (inside > kCount) ++trouble;
          {
            const std::lock_guard lock(mutex);
            ++rounds[held->revision];
          }
          --inside;
          if (!leave_double_barrier(one.client(), soon(), *held)) return void(++trouble);
        }
      });
    }
  }
  EXPECT_EQ(trouble, 0);
  EXPECT_EQ(rounds.size(), static_cast<std::size_t>(kRounds));
  for (const auto& [revision, count] : rounds) EXPECT_EQ(count, kCount) << revision;
  EXPECT_TRUE(server_.keys().empty());
}

TEST_F(DoubleBarrierTest, ManyWhoComeAtOnceAreOneRound) {
  constexpr int kCount = 12;
  std::vector<std::unique_ptr<Participant>> all;
  for (int i = 0; i < kCount; ++i) all.push_back(std::make_unique<Participant>(server_, kCount));
  for (const auto& one : all) one->begin_enter();
  std::set<std::int64_t> revisions;
  for (const auto& one : all) {
    ASSERT_TRUE(one->entered()) << why(one->entered());
    revisions.insert(one->entered_revision());
  }
  EXPECT_EQ(revisions.size(), 1U);
}

}  // namespace
}  // namespace coord::recipe
