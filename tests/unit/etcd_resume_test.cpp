// A watch survives the end of its stream: nothing is lost, nothing comes twice, and the watcher is
// told.
#include <gtest/gtest.h>

#include <thread>

#include "coord/etcd/watch.hpp"
#include "fake/client_of.hpp"

namespace coord::etcd {
namespace {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;
using Kind = WatchReply::Kind;

class ResumeTest : public testing::Test {
 protected:
  void open(std::vector<std::string> endpoints, const WatchRequest& request = {.key = "k"}) {
    client_ = fake::client_of(std::move(endpoints));
    watcher_ = std::make_unique<Watcher>(*client_);
    watcher_->add(request);
    ASSERT_EQ(next().kind, Kind::created);
  }

  WatchReply next() {
    auto reply = watcher_->next(soon());
    if (!reply) throw std::runtime_error(why(reply));
    return *std::move(reply);
  }

  // Values of all events up to LAST; each outage must be told of by one `interrupted` and end in
  // one `resumed`.
  std::string values_until(const std::string& last) {
    std::string values;
    bool interrupted = false;
    for (;;) {
      const WatchReply reply = next();
      if (reply.kind == Kind::interrupted || reply.kind == Kind::resumed) {
        EXPECT_EQ(interrupted, reply.kind == Kind::resumed);
        interrupted = reply.kind == Kind::interrupted;
      }
      for (const Event& event : reply.events) values += event.kv.value + ' ';
      if (values.ends_with(last + ' ')) return values;
    }
  }

  fake::FakeEtcd server_;
  fake::FakeEtcd second_{&server_};
  std::unique_ptr<Client> client_;
  std::unique_ptr<Watcher> watcher_;
};

TEST_F(ResumeTest, GoesOnRightBehindWhatItHasDelivered) {
  open({server_.endpoint()});
  server_.put("k", "1");
  ASSERT_EQ(next().events.at(0).kv.value, "1");
  server_.break_watch_streams();
  server_.put("k", "2");
  server_.put("k", "3");
  EXPECT_EQ(values_until("3"), "2 3 ");
}

TEST_F(ResumeTest, MissesNothingThatHappenedBeforeItsFirstEvent) {
  open({server_.endpoint()});
  server_.stop();
  server_.put("k", "1");
  server_.put("k", "2");
  server_.start();
  EXPECT_EQ(values_until("2"), "1 2 ");
}

TEST_F(ResumeTest, SurvivesManyBreaksUnderLoad) {
  open({server_.endpoint(), second_.endpoint()});
  std::string expected;
  for (int i = 1; i <= 60; ++i) expected += std::to_string(i) + ' ';
  const std::jthread writer([this] {
    for (int i = 1; i <= 60; ++i) {
      server_.put("k", std::to_string(i));
      if (i % 20 != 0) continue;
      server_.break_watch_streams();
      second_.break_watch_streams();
    }
  });
  EXPECT_EQ(values_until("60"), expected);
}

TEST_F(ResumeTest, MovesToAnotherMemberWhenItsOwnLosesTheLeader) {
  open({server_.endpoint(), second_.endpoint()});
  server_.lose_leader(true);
  ASSERT_EQ(next().kind, Kind::interrupted);
  ASSERT_EQ(next().kind, Kind::resumed);
  EXPECT_EQ(second_.streams("Watch"), 1);
  server_.put("k", "1");
  EXPECT_EQ(values_until("1"), "1 ");
}

TEST_F(ResumeTest, MovesToAnotherMemberWhenItsOwnDies) {
  open({server_.endpoint(), second_.endpoint()});
  server_.stop();
  server_.put("k", "1");
  EXPECT_EQ(values_until("1"), "1 ");
}

TEST_F(ResumeTest, NamesTheMemberThatItHasLost) {
  open({server_.endpoint()});
  server_.stop();
  const WatchReply reply = next();
  ASSERT_EQ(reply.kind, Kind::interrupted);
  EXPECT_EQ(reply.error.code, Code::unavailable);
  EXPECT_NE(reply.error.message.find(server_.endpoint()), std::string::npos) << reply.error.message;
}

TEST_F(ResumeTest, GoesOnWithEveryWatchOfTheClient) {
  open({server_.endpoint()});
  Watcher other(*client_);
  const std::int64_t id = other.add({.key = "o"});
  ASSERT_EQ(other.next(soon())->kind, Kind::created);
  server_.break_watch_streams();
  ASSERT_EQ(other.next(soon())->kind, Kind::interrupted);
  ASSERT_EQ(other.next(soon())->kind, Kind::resumed);
  server_.put("o", "1");
  EXPECT_EQ(other.next(soon())->id, id);
}

TEST_F(ResumeTest, EndsWithCompactedWhenItsNextRevisionIsGone) {
  open({server_.endpoint()});
  server_.put("k", "1");
  ASSERT_EQ(next().kind, Kind::events);
  server_.stop();
  ASSERT_EQ(next().kind, Kind::interrupted);
  server_.put("k", "2");
  const std::int64_t kept = server_.put("k", "3");
  server_.compact(kept);
  server_.start();
  WatchReply reply = next();
  if (reply.kind == Kind::resumed) reply = next();
  EXPECT_EQ(reply.kind, Kind::compacted);
  EXPECT_EQ(reply.compact_revision, kept);
}

TEST_F(ResumeTest, ResumesAtTheRevisionOfAProgressReply) {
  open({server_.endpoint()}, {.key = "k", .progress_notify = true});
  server_.put("other", "");
  const std::int64_t now = server_.put("other", "");
  server_.send_progress();
  ASSERT_EQ(next().kind, Kind::progress);
  server_.break_watch_streams();
  ASSERT_EQ(next().kind, Kind::interrupted);
  ASSERT_EQ(next().kind, Kind::resumed);
  EXPECT_EQ(server_.watches().back().start_revision, now + 1);
}

TEST_F(ResumeTest, DoesNotHoldUpTheEndOfTheClient) {
  open({server_.endpoint()});
  server_.never_answer(true);
  const BootTime start = BootClock::now();
  watcher_.reset();
  client_.reset();
  EXPECT_LT(BootClock::now() - start, 3s);
}

}  // namespace
}  // namespace coord::etcd
