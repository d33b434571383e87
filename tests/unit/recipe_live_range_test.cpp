#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "coord/recipe/live_range.hpp"
#include "fake/client_of.hpp"

namespace coord::recipe {
namespace {

using namespace std::chrono_literals;
using fake::why;
using Kind = RangeNews::Kind;
using testing::ElementsAre;
using testing::IsEmpty;

class LiveRangeTest : public testing::Test {
 protected:
  void follow(Keep keep = Keep::values, std::int64_t page_size = 0) {
    range_.emplace(*client_, RangeFollowed::prefix("x/", keep), page_size);
  }
  Kind next(Duration limit = 20s) {
    auto news = range_->next(Context::within(limit));
    EXPECT_TRUE(news) << why(news);
    if (!news) throw std::runtime_error(why(news));
    last_ = *std::move(news);
    return last_.kind;
  }
  // Until there is news of that kind.
  bool until(Kind kind) {
    for (int i = 0; i < 10; ++i) {
      if (next() == kind) return true;
    }
    return false;
  }
  bool silent() {
    const auto news = range_->next(Context::within(200ms));
    return !news && news.error().code == Code::timed_out;
  }
  void expect_watch() {
    EXPECT_TRUE(silent());
    EXPECT_TRUE(server_.until([&] { return !server_.watches().empty(); }));
  }
  std::vector<std::string> events() const {
    std::vector<std::string> told;
    for (const etcd::Event& event : last_.events) {
      const bool put = event.type == etcd::Event::Type::put;
      told.push_back(put ? fmt::format("{}={}", event.kv.key, event.kv.value) : event.kv.key);
      if (event.prev_kv) told.back() += " was " + event.prev_kv->value;
    }
    return told;
  }
  std::vector<std::string> known() const {
    std::vector<std::string> all;
    for (const auto& [key, kv] : range_->keys()) all.push_back(key + "=" + kv.value);
    return all;
  }
  // CHANGE happens while the watch is away, and so does a compaction.
  template <typename Change>
  void miss(const Change& change) {
    server_.stop();
    change();
    server_.put("other", "");
    server_.compact(server_.revision());
    server_.start();
  }

  fake::FakeEtcd server_;
  std::unique_ptr<etcd::Client> client_ = fake::client_of(server_);
  std::optional<LiveRange> range_;
  RangeNews last_;
};

TEST_F(LiveRangeTest, ListsFirstAtOneRevision) {
  server_.put("x/1", "a");
  server_.put("x/2", "b");
  server_.put("y", "other");
  follow();
  EXPECT_EQ(next(), Kind::listed);
  EXPECT_EQ(last_.header.revision, server_.revision());
  EXPECT_THAT(known(), ElementsAre("x/1=a", "x/2=b"));
  EXPECT_FALSE(last_.more);
}

TEST_F(LiveRangeTest, AnEmptyRangeIsListedToo) {
  follow();
  EXPECT_EQ(next(), Kind::listed);
  EXPECT_THAT(known(), IsEmpty());
}

TEST_F(LiveRangeTest, AWatchThatWasDeniedIsNotWaitedFor) {
  follow();
  server_.refuse("Watch", 7, "etcdserver: permission denied", 2);  // also with a new token
  EXPECT_EQ(next(), Kind::listed);
  Result<RangeNews> news;
  for (int i = 0; news && i < 10; ++i) news = range_->next(Context::within(20s));
  ASSERT_FALSE(news);
  EXPECT_EQ(news.error().code, Code::denied) << why(news);
  EXPECT_TRUE(until(Kind::relisted));
}

TEST_F(LiveRangeTest, OneKeyAlone) {
  server_.put("x", "a");
  server_.put("x/1", "other");
  range_.emplace(*client_, RangeFollowed{.key = "x"});
  EXPECT_EQ(next(), Kind::listed);
  EXPECT_THAT(known(), ElementsAre("x=a"));
  server_.put("x/1", "other");
  server_.put("x", "b");
  EXPECT_EQ(next(), Kind::changed);
  EXPECT_THAT(events(), ElementsAre("x=b was a"));
}

TEST_F(LiveRangeTest, TellsChangesInOrderWithWhatWasThere) {
  server_.put("x/1", "a");
  follow();
  EXPECT_EQ(next(), Kind::listed);
  const auto revision = server_.put("x/2", "b");
  EXPECT_EQ(next(), Kind::changed);
  EXPECT_THAT(events(), ElementsAre("x/2=b"));
  EXPECT_EQ(last_.events[0].kv.mod_revision, revision);
  server_.put("x/2", "c");
  EXPECT_EQ(next(), Kind::changed);
  EXPECT_THAT(events(), ElementsAre("x/2=c was b"));
  server_.remove("x/1");
  EXPECT_EQ(next(), Kind::changed);
  EXPECT_THAT(events(), ElementsAre("x/1 was a"));
  EXPECT_THAT(known(), ElementsAre("x/2=c"));
}

TEST_F(LiveRangeTest, WhatHappensBetweenTheListAndTheWatchIsTold) {
  follow();
  EXPECT_EQ(next(), Kind::listed);  // before the watch stands
  server_.put("x/1", "a");
  server_.remove("x/1");
  server_.put("x/1", "b");
  std::vector<std::string> told;
  while (told.size() < 3) {
    EXPECT_EQ(next(), Kind::changed);
    for (const std::string& event : events()) told.push_back(event);
  }
  EXPECT_THAT(told, ElementsAre("x/1=a", "x/1 was a", "x/1=b"));
}

TEST_F(LiveRangeTest, PagesAreOneStateOfTheStore) {
  for (const char* key : {"x/1", "x/2", "x/3", "x/4", "x/5"}) server_.put(key, "a");
  const auto revision = server_.revision();
  follow(Keep::revisions, 2);
  EXPECT_EQ(next(), Kind::listed);
  EXPECT_TRUE(last_.more);
  EXPECT_THAT(events(), ElementsAre("x/1=a", "x/2=a"));
  server_.remove("x/5");  // is told behind the list
  EXPECT_EQ(next(), Kind::listed);
  EXPECT_EQ(next(), Kind::listed);
  EXPECT_FALSE(last_.more);
  EXPECT_EQ(last_.header.revision, revision);
  EXPECT_THAT(events(), ElementsAre("x/5=a"));
  EXPECT_EQ(range_->keys().size(), 5U);
  EXPECT_EQ(next(), Kind::changed);
  EXPECT_THAT(events(), ElementsAre("x/5"));
  EXPECT_EQ(range_->keys().size(), 4U);
}

TEST_F(LiveRangeTest, PagesOfAWholeListAreToldAtOnce) {
  for (const char* key : {"x/1", "x/2", "x/3"}) server_.put(key, "a");
  follow(Keep::values, 1);
  EXPECT_EQ(next(), Kind::listed);
  EXPECT_FALSE(last_.more);
  EXPECT_THAT(known(), ElementsAre("x/1=a", "x/2=a", "x/3=a"));
}

TEST_F(LiveRangeTest, KeepsNoValuesWhereItShallNot) {
  const auto revision = server_.put("x/1", "large");
  follow(Keep::revisions);
  EXPECT_EQ(next(), Kind::listed);
  EXPECT_THAT(events(), ElementsAre("x/1=large"));
  EXPECT_THAT(known(), ElementsAre("x/1="));
  EXPECT_EQ(range_->keys().at("x/1").mod_revision, revision);
}

TEST_F(LiveRangeTest, ACompactionBetweenTwoPagesBeginsAnew) {
  for (const char* key : {"x/1", "x/2", "x/3"}) server_.put(key, "a");
  follow(Keep::revisions, 1);
  EXPECT_EQ(next(), Kind::listed);
  server_.remove("x/1");
  server_.put("x/2", "b");
  server_.compact(server_.revision());
  EXPECT_EQ(next(), Kind::relisted);
  EXPECT_THAT(events(), ElementsAre("x/1", "x/3=a", "x/2=b"));
  EXPECT_EQ(range_->keys().size(), 2U);
}

TEST_F(LiveRangeTest, ABrokenStreamMissesNothing) {
  server_.put("x/1", "a");
  follow();
  EXPECT_EQ(next(), Kind::listed);
  expect_watch();
  server_.break_watch_streams();
  server_.put("x/1", "b");
  EXPECT_EQ(next(), Kind::interrupted);
  EXPECT_FALSE(last_.error.message.empty());
  EXPECT_EQ(next(), Kind::resumed);
  EXPECT_EQ(next(), Kind::changed);
  EXPECT_THAT(events(), ElementsAre("x/1=b was a"));
}

TEST_F(LiveRangeTest, AfterACompactionTheDifferenceIsTold) {
  for (const char* key : {"x/1", "x/2", "x/3"}) server_.put(key, "a");
  for (const Keep keep : {Keep::values, Keep::revisions}) {
    SCOPED_TRACE(keep == Keep::values);
    follow(keep, 2);
    while (next() == Kind::listed && last_.more) {
    }
    const auto listed = last_.header.revision;
    expect_watch();
    miss([this] {
      server_.put("x/4", "new");
      server_.put("x/3", "b");
      server_.remove("x/1");
      server_.put("x/5", "came");
      server_.remove("x/5");
    });
    ASSERT_TRUE(until(Kind::relisted));
    const bool values = keep == Keep::values;
    EXPECT_THAT(events(), ElementsAre(values ? "x/1 was a" : "x/1", "x/4=new",
                                      values ? "x/3=b was a" : "x/3=b"));
    EXPECT_EQ(last_.gap_from, listed + 1);
    EXPECT_EQ(last_.gap_to, server_.revision());
    EXPECT_EQ(last_.events[0].kv.mod_revision, last_.gap_to);
    EXPECT_EQ(range_->keys().size(), 3U);
    server_.put("x/2", "goes on");
    ASSERT_TRUE(until(Kind::changed));
    EXPECT_EQ(last_.events[0].kv.value, "goes on");
    for (const char* key : {"x/1", "x/2", "x/3"}) server_.put(key, "a");
    server_.remove("x/4");
  }
}

// It came and went: only what is there now is told.
TEST_F(LiveRangeTest, AKeyThatWasPutAnewInTheGapIsOnePut) {
  server_.put("x/1", "a");
  follow();
  EXPECT_EQ(next(), Kind::listed);
  expect_watch();
  miss([this] {
    server_.remove("x/1");
    server_.put("x/1", "a");
  });
  ASSERT_TRUE(until(Kind::relisted));
  EXPECT_THAT(events(), ElementsAre("x/1=a was a"));
}

TEST_F(LiveRangeTest, ALostReplyIsAskedForAgain) {
  server_.put("x/1", "a");
  server_.drop_reply("Range", 2);
  follow();
  EXPECT_EQ(next(), Kind::listed);
  EXPECT_THAT(known(), ElementsAre("x/1=a"));
  expect_watch();
  miss([this] {
    server_.put("x/1", "b");
    server_.drop_reply("Range", 2);
  });
  ASSERT_TRUE(until(Kind::relisted));
  EXPECT_THAT(events(), ElementsAre("x/1=b was a"));
}

TEST_F(LiveRangeTest, AnOutageIsToldOnceAndItsEndToo) {
  follow();
  EXPECT_EQ(next(), Kind::listed);
  expect_watch();
  server_.stop();
  EXPECT_EQ(next(), Kind::interrupted);
  EXPECT_TRUE(silent());
  server_.start();
  EXPECT_EQ(next(), Kind::resumed);
  server_.put("x/1", "b");
  EXPECT_EQ(next(), Kind::changed);
}

TEST_F(LiveRangeTest, WithoutEtcdTheFirstListFails) {
  server_.stop();
  follow();
  const auto news = range_->next(Context::within(3s));
  ASSERT_FALSE(news);
  EXPECT_EQ(news.error().code, Code::unavailable) << why(news);
  server_.start();
  EXPECT_EQ(next(), Kind::listed);  // it goes on where it was
}

TEST_F(LiveRangeTest, ARefusalEndsIt) {
  server_.refuse("Range", 7, "etcdserver: permission denied");
  follow();
  const auto news = range_->next(fake::soon());
  ASSERT_FALSE(news);
  EXPECT_EQ(news.error().code, Code::denied) << why(news);
}

// As if the watch had been answered by a member that is cut off.
TEST_F(LiveRangeTest, WhatTheWatchDoesNotTellIsReadAfterASilence) {
  fake::FakeEtcd other(&server_);
  client_ = fake::client_of({server_.endpoint(), other.endpoint()});
  server_.put("x/1", "a");
  follow();
  EXPECT_EQ(next(), Kind::listed);
  expect_watch();
  server_.never_answer(true);
  other.put("x/1", "b");
  ASSERT_TRUE(until(Kind::relisted));
  EXPECT_THAT(events(), ElementsAre("x/1=b was a"));
  server_.never_answer(false);
}

TEST_F(LiveRangeTest, StoppingEndsTheWaitAndTheNextCallGoesOn) {
  follow();
  EXPECT_EQ(next(), Kind::listed);
  std::stop_source stop;
  stop.request_stop();
  const auto news = range_->next(Context(stop.get_token()));
  ASSERT_FALSE(news);
  EXPECT_EQ(news.error().code, Code::cancelled);
  server_.put("x/1", "a");
  EXPECT_EQ(next(), Kind::changed);
}

}  // namespace
}  // namespace coord::recipe
