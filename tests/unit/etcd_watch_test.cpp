#include <gtest/gtest.h>

#include <future>
#include <map>

#include "coord/etcd/watch.hpp"
#include "fake/client_of.hpp"

namespace coord::etcd {
namespace {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;
using Kind = WatchReply::Kind;

class WatchTest : public testing::Test {
 protected:
  WatchReply next() {
    auto reply = watcher_.next(soon());
    if (!reply) throw std::runtime_error(why(reply));
    return *std::move(reply);
  }

  std::int64_t add(const WatchRequest& request) {
    const std::int64_t id = watcher_.add(request);
    const WatchReply reply = next();
    EXPECT_EQ(reply.kind, Kind::created);
    EXPECT_EQ(reply.id, id);
    return id;
  }

  fake::FakeEtcd server_;
  std::unique_ptr<Client> client_ = fake::client_of(server_);
  Watcher watcher_{*client_};
};

TEST_F(WatchTest, BeginsWithTheRevisionFromWhichNothingIsMissed) {
  const std::int64_t before = server_.put("k", "old");
  watcher_.add({.key = "k"});
  const WatchReply created = next();
  EXPECT_EQ(created.kind, Kind::created);
  EXPECT_EQ(created.header.revision, before);
  const std::int64_t after = server_.put("k", "new");
  const WatchReply reply = next();
  ASSERT_EQ(reply.kind, Kind::events);
  ASSERT_EQ(reply.events.size(), 1U);
  EXPECT_EQ(reply.events[0].type, Event::Type::put);
  EXPECT_EQ(reply.events[0].kv.value, "new");
  EXPECT_EQ(reply.events[0].kv.mod_revision, after);
  EXPECT_FALSE(reply.events[0].prev_kv);
}

TEST_F(WatchTest, TellsOfADeletionAndOfWhatWasThere) {
  server_.put("k", "old");
  add({.key = "k", .prev_kv = true});
  const std::int64_t removed = server_.remove("k");
  const WatchReply reply = next();
  ASSERT_EQ(reply.events.size(), 1U);
  EXPECT_EQ(reply.events[0].type, Event::Type::remove);
  EXPECT_EQ(reply.events[0].kv.key, "k");
  EXPECT_EQ(reply.events[0].kv.mod_revision, removed);
  EXPECT_EQ(reply.events[0].prev_kv->value, "old");
}

TEST_F(WatchTest, BringsThePastFromAStartRevisionOn) {
  server_.put("k", "1");
  const std::int64_t second = server_.put("k", "2");
  server_.put("k", "3");
  add({.key = "k", .start_revision = second});
  std::string values;
  while (values.size() < 2) {
    for (const Event& event : next().events) values += event.kv.value;
  }
  EXPECT_EQ(values, "23");
}

TEST_F(WatchTest, LeavesOutWhatIsNotWanted) {
  const std::int64_t removals = add({.key = "k", .no_put = true});
  const std::int64_t puts = add({.key = "k", .no_delete = true});
  server_.put("k", "v");
  const WatchReply put = next();
  EXPECT_EQ(put.id, puts);
  server_.remove("k");
  const WatchReply removal = next();
  EXPECT_EQ(removal.id, removals);
  EXPECT_EQ(removal.events.at(0).type, Event::Type::remove);
}

TEST_F(WatchTest, KeepsManyWatchesApartOnOneStream) {
  Watcher other(*client_);
  const std::int64_t a = add({.key = "a"});
  const std::int64_t p = add({.key = "p/", .range_end = "p0"});
  other.add({.key = "a"});
  ASSERT_EQ(other.next(soon())->kind, Kind::created);
  server_.put("p/1", "");
  server_.put("a", "");
  std::map<std::int64_t, std::string> heard;
  while (heard.size() < 2) {
    const WatchReply reply = next();
    heard[reply.id] = reply.events.at(0).kv.key;
  }
  EXPECT_EQ(heard, (std::map<std::int64_t, std::string>{{a, "a"}, {p, "p/1"}}));
  EXPECT_EQ(other.next(soon())->events.at(0).kv.key, "a");
  EXPECT_EQ(server_.streams("Watch"), 1);
  EXPECT_EQ(server_.watches().size(), 3U);
}

TEST_F(WatchTest, HearsNothingMoreOfAWatchThatWasRemoved) {
  const std::int64_t first = add({.key = "k"});
  const std::int64_t second = add({.key = "k"});
  watcher_.remove(first);
  server_.put("end", "");
  server_.put("k", "");
  WatchReply reply = next();
  while (reply.id == first) reply = next();
  EXPECT_EQ(reply.id, second);
  EXPECT_EQ(watcher_.next(Context::within(50ms)).error().code, Code::timed_out);
}

TEST_F(WatchTest, ASecondWatcherOutlivesTheFirst) {
  auto first = std::make_unique<Watcher>(*client_);
  first->add({.key = "k"});
  ASSERT_EQ(first->next(soon())->kind, Kind::created);
  add({.key = "k"});
  first.reset();
  server_.put("k", "v");
  EXPECT_EQ(next().kind, Kind::events);
}

TEST_F(WatchTest, PassesOnWhatTheServerSaysWhileNothingHappens) {
  add({.key = "k", .progress_notify = true});
  const std::int64_t now = server_.put("other", "");
  server_.send_progress();
  const WatchReply reply = next();
  EXPECT_EQ(reply.kind, Kind::progress);
  EXPECT_EQ(reply.header.revision, now);
}

TEST_F(WatchTest, JoinsThePiecesOfALargeReply) {
  server_.put("k", "1");
  const std::int64_t first = server_.revision();
  server_.put("k", "2");
  server_.put("k", "3");
  server_.fragment_watch_replies(true);
  add({.key = "k", .start_revision = first});
  const WatchReply reply = next();
  ASSERT_EQ(reply.events.size(), 3U);
  EXPECT_EQ(reply.events[0].kv.value, "1");
  EXPECT_EQ(reply.events[2].kv.value, "3");
}

// Nobody reads meanwhile: what has piled up must not hold up who adds.
TEST_F(WatchTest, AddsAtOnceHoweverMuchIsUnread) {
  constexpr std::size_t kMany = 6000;
  auto adding = std::async(std::launch::async, [this] {
    for (std::size_t i = 0; i < kMany; ++i) watcher_.add({.key = "k"});
    const bool seen = server_.until([&] { return server_.watches().size() == kMany; });
    watcher_.add({.key = "k"});
    return seen;
  });
  EXPECT_EQ(adding.wait_for(20s), std::future_status::ready);
  for (std::size_t i = 0; i <= kMany; ++i) EXPECT_EQ(next().kind, Kind::created);
  EXPECT_TRUE(adding.get());
}

TEST_F(WatchTest, WaitsNoLongerThanItsContext) {
  add({.key = "k"});
  EXPECT_EQ(watcher_.next(Context::within(20ms)).error().code, Code::timed_out);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(watcher_.next(Context(stop.get_token())).error().code, Code::cancelled);
}

TEST_F(WatchTest, EndsWithCompactedWhereItsStartIsGone) {
  server_.put("k", "1");
  server_.put("k", "2");
  const std::int64_t kept = server_.put("k", "3");
  server_.compact(kept);
  watcher_.add({.key = "k", .start_revision = kept - 1});
  WatchReply reply = next();
  if (reply.kind == Kind::created) reply = next();
  EXPECT_EQ(reply.kind, Kind::compacted);
  EXPECT_EQ(reply.compact_revision, kept);
  EXPECT_GT(reply.next_revision, 0);
  EXPECT_LT(reply.next_revision, kept);
  EXPECT_EQ(reply.error.code, Code::compacted);  // though the server gives no reason in words
  EXPECT_NE(reply.error.message.find(std::to_string(kept)), std::string::npos);
  EXPECT_EQ(watcher_.next(Context::within(50ms)).error().code, Code::timed_out);
}

}  // namespace
}  // namespace coord::etcd
