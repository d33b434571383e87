#include <poll.h>
#include <sys/eventfd.h>

#include "coord/recipe/guard.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

class GuardTest : public LockTest {
 protected:
  static constexpr int kDenied = 7;  // gRPC's PERMISSION_DENIED
  static constexpr int kAlways = 1000;

  void guard() {
    auto held = one_.lock().acquire(soon());
    ASSERT_TRUE(held) << why(held);
    guard_all({*held});
  }
  void guard_all(std::vector<Held> held) {
    const std::string last = held.back().key;
    guard_.emplace(one_.client(), std::move(held), changed_);
    ASSERT_TRUE(server_.until([&] { return watched(last) > 0; }));
  }
  bool told(Duration limit) {
    pollfd entry{.fd = changed_.fd(), .events = POLLIN, .revents = 0};
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(limit);
    return poll(&entry, 1, static_cast<int>(ms.count())) == 1;
  }
  void expect_lost_once(const std::string& reason) {
    ASSERT_TRUE(told(20s));
    changed_.clear();
    ASSERT_TRUE(guard_->lost());
    EXPECT_EQ(guard_->lost()->code, Code::lost);
    EXPECT_NE(guard_->lost()->message.find(reason), std::string::npos) << guard_->lost()->message;
    server_.put(one_.key(), "again");
    server_.remove(one_.key());
    EXPECT_FALSE(told(50ms));
  }
  // That the guard has looked at the key once more and is content.
  void expect_held_after_a_look(int calls_before) {
    EXPECT_TRUE(server_.until([&] { return server_.calls("Range") > calls_before; }));
    EXPECT_FALSE(guard_->lost());
  }

  Contestant one_{server_};
  Notifier changed_;
  std::optional<Guard> guard_;
};

TEST_F(GuardTest, AKeyThatIsDeleted) {
  guard();
  EXPECT_FALSE(guard_->lost());
  server_.remove(one_.key());
  expect_lost_once("was deleted");
}

TEST_F(GuardTest, AKeyThatIsOverwrittenWithoutItsLease) {
  guard();
  server_.put(one_.key(), "mine now");
  expect_lost_once("overwritten without its lease");
}

TEST_F(GuardTest, AKeyThatIsOverwrittenWithItsLeaseIsStillHeld) {
  guard();
  server_.put(one_.key(), "a new note", one_.lease());
  server_.remove(one_.key());
  expect_lost_once("was deleted");  // and not: overwritten
}

TEST_F(GuardTest, ALeaseThatIsRevoked) {
  guard();
  server_.expire_lease(one_.lease());
  expect_lost_once("was deleted");
}

TEST_F(GuardTest, ADeletionBeforeTheWatchStands) {
  auto held = one_.lock().acquire(soon());
  ASSERT_TRUE(held);
  server_.remove(one_.key());
  server_.put("other", "");
  guard_.emplace(one_.client(), std::vector{*held}, changed_);
  expect_lost_once("was deleted");
}

TEST_F(GuardTest, ADeletionBehindACompaction) {
  auto held = one_.lock().acquire(soon());
  ASSERT_TRUE(held);
  server_.remove(one_.key());
  server_.put("other", "");
  server_.compact(server_.revision());
  guard_.emplace(one_.client(), std::vector{*held}, changed_);
  expect_lost_once("is gone");
}

TEST_F(GuardTest, AKeyThatBelongsToSomebodyElseBehindACompaction) {
  auto held = one_.lock().acquire(soon());
  ASSERT_TRUE(held);
  server_.remove(one_.key());
  server_.put(one_.key(), "", one_.lease());
  server_.put("other", "");
  server_.compact(server_.revision());
  guard_.emplace(one_.client(), std::vector{*held}, changed_);
  expect_lost_once("somebody else");
}

TEST_F(GuardTest, ACompactionAloneIsNoLoss) {
  auto held = one_.lock().acquire(soon());
  ASSERT_TRUE(held);
  server_.put("other", "");
  server_.put("other", "");
  server_.compact(server_.revision());
  const int calls = server_.calls("Range");
  guard_.emplace(one_.client(), std::vector{*held}, changed_);
  expect_held_after_a_look(calls);
  ASSERT_TRUE(server_.until([&] { return watched(one_.key()) > 1; }));
  server_.remove(one_.key());
  expect_lost_once("was deleted");
}

TEST_F(GuardTest, BrokenStreamsAreNoLossAndLoseNothing) {
  guard();
  for (int i = 2; i < 5; ++i) {
    server_.break_watch_streams();
    ASSERT_TRUE(server_.until([&] { return watched(one_.key()) >= i; }));
    EXPECT_FALSE(guard_->lost());
  }
  server_.remove(one_.key());
  server_.break_watch_streams();
  expect_lost_once("was deleted");
}

TEST_F(GuardTest, ADeletionDuringAnOutage) {
  guard();
  server_.stop();
  server_.remove(one_.key());
  server_.start();
  expect_lost_once("was deleted");
}

// As when the right to the key was taken away for a moment: until it is watched again it is read.
TEST_F(GuardTest, ADeletionWhileTheServerRefusesToWatch) {
  auto held = one_.lock().acquire(soon());
  ASSERT_TRUE(held);
  server_.refuse("Watch", kDenied, "etcdserver: permission denied", kAlways);
  const int calls = server_.calls("Range");
  guard_.emplace(one_.client(), std::vector{*held}, changed_);
  expect_held_after_a_look(calls);
  const BootTime start = BootClock::now();
  server_.remove(one_.key());
  expect_lost_once("is gone");
  EXPECT_LT(BootClock::now() - start, 4s);
}

// A refusal of one watch does not make it deaf to the others.
TEST_F(GuardTest, ADeletionOfAnotherKeyWhileTheServerRefusesToWatch) {
  auto first = one_.lock().acquire(soon());
  ASSERT_TRUE(first);
  const std::string second = layout::lock_key("y", one_.lease());
  const auto revision = server_.put(second, "", one_.lease());
  server_.refuse("Watch", kDenied, "etcdserver: permission denied",
                 3);  // of the first, twice at the least
  const int calls = server_.calls("Range");
  guard_.emplace(one_.client(),
                 std::vector{*first, {"y", second, revision, revision, one_.lease()}}, changed_);
  expect_held_after_a_look(calls);
  const BootTime start = BootClock::now();
  server_.remove(second);
  expect_lost_once("'" + second + "'");
  EXPECT_LT(BootClock::now() - start, 4s);
}

TEST_F(GuardTest, IsWatchedAgainAfterARefusal) {
  auto held = one_.lock().acquire(soon());
  ASSERT_TRUE(held);
  server_.refuse("Watch", kDenied, "etcdserver: permission denied", 2);  // it is tried twice
  guard_.emplace(one_.client(), std::vector{*held}, changed_);
  ASSERT_TRUE(server_.until([&] { return watched(one_.key()) > 2; }, 20s));
  EXPECT_FALSE(guard_->lost());
  server_.remove(one_.key());
  expect_lost_once("was deleted");
}

// The lease is renewed all the same, and nothing would tell that the key has gone.
TEST_F(GuardTest, AKeyThatMayNoLongerBeReadIsLost) {
  guard();
  server_.refuse("Range", kDenied, "etcdserver: permission denied", kAlways);
  expect_lost_once("can no longer be looked at: get: etcdserver: permission denied");
}

TEST_F(GuardTest, ARefusalThatPassesIsNoLoss) {
  guard();
  const int calls = server_.calls("Range");
  server_.refuse("Range", kDenied, "etcdserver: permission denied", 1);
  expect_held_after_a_look(calls + 1);
}

// Both are gone at one revision, and seen to be in one look.
TEST_F(GuardTest, ASecondLossIsNotTold) {
  auto first = one_.lock().acquire(soon());
  ASSERT_TRUE(first);
  const std::string second = layout::lock_key("y", one_.lease());
  const auto revision = server_.put(second, "", one_.lease());
  guard_all({*first, Held{"y", second, revision, revision, one_.lease()}});
  const int calls = server_.calls("Range");
  server_.never_answer(true);
  expect_held_after_a_look(calls);
  ASSERT_TRUE(server_.expire_lease(one_.lease()));
  server_.never_answer(false);
  ASSERT_TRUE(told(20s));
  eventfd_t posts = 0;
  ASSERT_EQ(eventfd_read(changed_.fd(), &posts), 0);
  EXPECT_EQ(posts, 1U);
  EXPECT_FALSE(told(300ms));
}

// A member that is cut off says nothing on its streams, but is read again.
TEST_F(GuardTest, NoAnswerIsNoLoss) {
  guard();
  const int calls = server_.calls("Range");
  server_.never_answer(true);
  expect_held_after_a_look(calls);
  server_.never_answer(false);
  EXPECT_FALSE(told(0s));
  server_.remove(one_.key());
  expect_lost_once("its key");  // by the watch, or by the look that was held up
}

TEST_F(GuardTest, EndsAtOnceWithoutAnAnswer) {
  guard();
  server_.never_answer(true);
  const BootTime start = BootClock::now();
  guard_.reset();
  EXPECT_LT(BootClock::now() - start, 3s);
}

TEST_F(GuardTest, AnyOfSeveralCounts) {
  auto first = one_.lock().acquire(soon());
  const std::string second = layout::lock_key("y", one_.lease());
  const auto revision = server_.put(second, "", one_.lease());
  ASSERT_TRUE(first);
  guard_all({*first, Held{"y", second, revision, revision, one_.lease()}});
  server_.remove(second);
  expect_lost_once("'" + second + "' was deleted");
}

}  // namespace
}  // namespace coord::recipe
