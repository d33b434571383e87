#include <gtest/gtest.h>
#include <poll.h>

#include "coord/etcd/session.hpp"
#include "fake/client_of.hpp"
#include "fake/silent_port.hpp"

namespace coord::etcd {
namespace {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;

class SessionTest : public testing::Test {
 protected:
  std::unique_ptr<Session> open(Client& client, std::chrono::seconds ttl,
                                Notifier* changed = nullptr) {
    auto session = Session::open(client, soon(), ttl, changed);
    if (!session) throw std::runtime_error(why(session));
    return std::move(*session);
  }

  // That the server still has the session's lease when its first TTL, counted from the last
  // renewal, is long over.
  void expect_kept_past(const Session& session, BootTime first_end) {
    EXPECT_TRUE(server_.until([&] { return BootClock::now() > first_end + 500ms; }));
    EXPECT_EQ(server_.leases(), std::vector{session.lease()});
    EXPECT_FALSE(session.lost());
    EXPECT_GT(session.expiry(), BootClock::now());
  }

  fake::FakeEtcd server_;
  fake::FakeEtcd second_{&server_};
  std::unique_ptr<Client> client_ = fake::client_of(server_);
};

TEST_F(SessionTest, ExpiresAfterTheGrantedTtlFromWhenTheGrantWasSent) {
  server_.set_minimum_ttl(60s);
  ASSERT_TRUE(Lease(*client_).list(soon()));  // connected
  server_.delay(200ms);
  const BootTime before = BootClock::now();
  const auto session = open(*client_, 5s);
  EXPECT_EQ(session->ttl(), 60s);
  EXPECT_GE(session->sent(), before);
  EXPECT_LE(session->sent(), BootClock::now() - 200ms);
  EXPECT_EQ(session->expiry(), session->sent() + 60s);
}

TEST_F(SessionTest, EachAnsweredRenewalMovesTheExpiryAndSaysSo) {
  Notifier changed;
  const auto session = open(*client_, 1s, &changed);
  const BootTime first = session->expiry();
  pollfd entry{.fd = changed.fd(), .events = POLLIN, .revents = 0};
  ASSERT_EQ(poll(&entry, 1, 10'000), 1);
  EXPECT_GT(session->expiry(), first);
  EXPECT_EQ(session->expiry(), session->sent() + session->ttl());
}

TEST_F(SessionTest, KeepsItsLease) {
  const auto session = open(*client_, 1s);
  expect_kept_past(*session, session->expiry());
}

TEST_F(SessionTest, IsLostWhenTheServerSaysThatTheLeaseIsGone) {
  Notifier changed;
  const auto session = open(*client_, 1s, &changed);
  ASSERT_TRUE(server_.until([&] { return server_.calls("LeaseKeepAlive") > 0; }));
  EXPECT_FALSE(session->lost());
  changed.clear();
  server_.expire_lease(session->lease());
  EXPECT_TRUE(server_.until([&] { return session->lost(); }));
  pollfd entry{.fd = changed.fd(), .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&entry, 1, 10'000), 1);
}

TEST_F(SessionTest, SurvivesLostReplies) {
  const auto session = open(*client_, 2s);
  const BootTime first = session->expiry();
  server_.drop_reply("LeaseKeepAlive", 5);
  expect_kept_past(*session, first);
}

TEST_F(SessionTest, AnUnansweredRenewalDoesNotMoveTheExpiry) {
  const auto session = open(*client_, 60s);
  const BootTime expiry = session->expiry();
  const auto short_session = open(*client_, 1s);
  server_.never_answer(true);
  const BootTime end = short_session->expiry();
  ASSERT_TRUE(server_.until([&] { return BootClock::now() > end + 300ms; }));
  EXPECT_LE(short_session->expiry(), end + 1s);  // at most a renewal that was under way
  EXPECT_LT(short_session->expiry(), BootClock::now() + 1s);
  EXPECT_FALSE(short_session->lost());
  EXPECT_EQ(session->expiry(), expiry);
}

TEST_F(SessionTest, MovesToAnotherMemberWhenItsOwnDies) {
  const auto client = fake::client_of({second_.endpoint(), server_.endpoint()});
  const auto session = open(*client, 2s);
  const BootTime first = session->expiry();
  second_.stop();
  expect_kept_past(*session, first);
}

TEST_F(SessionTest, MovesToAnotherMemberWhenItsOwnStopsAnswering) {
  const auto client = fake::client_of({second_.endpoint(), server_.endpoint()});
  const auto session = open(*client, 2s);
  const BootTime first = session->expiry();
  second_.never_answer(true);
  expect_kept_past(*session, first);
}

TEST_F(SessionTest, MovesToAnotherMemberWhenItsOwnLosesTheLeader) {
  const auto client = fake::client_of({second_.endpoint(), server_.endpoint()});
  const auto session = open(*client, 2s);
  const BootTime first = session->expiry();
  second_.lose_leader(true);
  expect_kept_past(*session, first);
}

TEST_F(SessionTest, CloseTakesTheLeaseAndItsKeys) {
  const auto session = open(*client_, 60s);
  server_.put("k", "", session->lease());
  const auto closed = session->close(soon());
  EXPECT_TRUE(closed) << why(closed);
  EXPECT_TRUE(server_.leases().empty());
  EXPECT_TRUE(server_.keys().empty());
}

TEST_F(SessionTest, CloseIsDoneWhenTheLeaseWasGoneAlready) {
  const auto session = open(*client_, 60s);
  server_.expire_lease(session->lease());
  const auto closed = session->close(soon());
  EXPECT_TRUE(closed) << why(closed);
}

TEST_F(SessionTest, CloseSurvivesALostReply) {
  const auto session = open(*client_, 60s);
  server_.drop_reply("LeaseRevoke");
  const auto closed = session->close(soon());
  EXPECT_TRUE(closed) << why(closed);
  EXPECT_TRUE(server_.leases().empty());
}

TEST_F(SessionTest, CloseEndsWithItsContextWhenNobodyAnswers) {
  const auto session = open(*client_, 60s);
  server_.never_answer(true);
  const BootTime start = BootClock::now();
  const auto closed = session->close(Context::within(200ms));
  EXPECT_EQ(closed.error().code, Code::unavailable) << why(closed);
  EXPECT_LT(BootClock::now() - start, 3s);
}

TEST_F(SessionTest, EndsAtOnceWithoutAnAnswer) {
  auto session = open(*client_, 1s);
  server_.never_answer(true);
  const BootTime start = BootClock::now();
  session.reset();
  EXPECT_LT(BootClock::now() - start, 3s);
}

}  // namespace
}  // namespace coord::etcd
