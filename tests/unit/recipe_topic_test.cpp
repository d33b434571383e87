#include <gtest/gtest.h>

#include "coord/base/layout_topic.hpp"
#include "coord/recipe/publisher.hpp"
#include "coord/recipe/topic.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

using Kind = Delivery::Kind;

TEST(Position, IsWrittenAndReadAgain) {
  for (const Position& position :
       {Position{.revision = 0}, Position{.revision = 4711},
        Position{.revision = 7, .key = "t/a b\n"}, Position{.revision = 7, .key = " "}}) {
    const auto read = Position::parse(position.text());
    ASSERT_TRUE(read) << position.text();
    EXPECT_EQ(read->revision, position.revision);
    EXPECT_EQ(read->key, position.key);
  }
  for (const char* text : {"", " 7", "x", "-1", "7 ", "7\nt/a", "99999999999999999999"})
    EXPECT_FALSE(Position::parse(text)) << text;
}

TEST(Position, CoversWhatIsBehindIt) {
  const auto message = [](std::int64_t revision, std::string key) {
    return etcd::KeyValue{.key = std::move(key), .mod_revision = revision};
  };
  const Position whole{.revision = 7};
  EXPECT_TRUE(whole.covers(message(7, "z")));
  EXPECT_FALSE(whole.covers(message(8, "a")));
  EXPECT_EQ(whole.next_revision(), 8);
  const Position part{.revision = 7, .key = "m"};
  EXPECT_TRUE(part.covers(message(6, "z")));
  EXPECT_TRUE(part.covers(message(7, "m")));
  EXPECT_FALSE(part.covers(message(7, "n")));
  EXPECT_EQ(part.next_revision(), 7);
}

TEST(RetentionLease, IsSharedByATopicInASliceOfTime) {
  const auto at = [](std::chrono::seconds now) { return retention_lease("t", 1h, now); };
  EXPECT_EQ(retention_slice(1h), 60s);
  EXPECT_EQ(retention_slice(5s), 1s);
  EXPECT_EQ(retention_slice(24h * 365), 1h);
  EXPECT_EQ(at(600s), at(659s));
  EXPECT_NE(at(600s), at(660s));
  EXPECT_NE(at(600s), retention_lease("u", 1h, 600s));
  EXPECT_NE(at(600s), retention_lease("t", 2h, 600s));
  EXPECT_EQ(at(600s), 691270626542307005);  // the same in every build
  EXPECT_GT(at(600s), 0);
}

class TopicTest : public testing::Test {
 protected:
  Subscriber subscriber(From from = {.kind = From::Kind::beginning}, std::int64_t page = 0) {
    return {*client_, "t", std::move(from), page};
  }
  static From behind(std::int64_t revision) {
    return {.kind = From::Kind::position, .position = {.revision = revision}};
  }
  // The next thing that is told, in a word.
  std::string next(Subscriber& from, Duration limit = 20s) {
    auto said = from.next(Context::within(limit));
    if (!said) return said.error().code == Code::timed_out ? "(nothing)" : why(said);
    last_ = *std::move(said);
    switch (last_.kind) {
      case Kind::message:
        return last_.message.value;
      case Kind::gap:
        return "(gap " + std::to_string(last_.gap_from) + "-" + std::to_string(last_.gap_to) + ")";
      case Kind::caught_up:
        return "(caught up)";
      case Kind::interrupted:
        return "(interrupted)";
      case Kind::resumed:
        return "(resumed)";
    }
    return "";
  }
  std::string words(Subscriber& from, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += (i == 0 ? "" : " ") + next(from);
    return all;
  }
  void expect_watch() {
    EXPECT_TRUE(server_.until([&] { return !server_.watches().empty(); }));
  }
  std::vector<Written> publish(Publisher& publisher, const std::vector<std::string>& messages) {
    std::vector<Written> done;
    const auto put = publisher.put(soon(), messages, done);
    EXPECT_TRUE(put) << why(put);
    return done;
  }

  fake::FakeEtcd server_;
  std::unique_ptr<etcd::Client> client_ = fake::client_of(server_);
  Delivery last_;
};

TEST_F(TopicTest, WhatIsThereComesInTheOrderOfRevisionsThenWhatComes) {
  server_.put("t/z", "1");
  server_.put("t/a", "2");
  server_.put("other", "x");
  server_.put("t/m", "3");
  server_.put("t/z", "4");
  auto all = subscriber();
  ASSERT_TRUE(all.begin(soon()));
  EXPECT_EQ(words(all, 4), "2 3 4 (caught up)");
  EXPECT_EQ(last_.position.text(), std::to_string(server_.revision()));
  server_.put("t/a", "5");
  EXPECT_EQ(next(all), "5");
  server_.remove("t/a");
  EXPECT_EQ(next(all, 200ms), "(nothing)");
}

TEST_F(TopicTest, PagesNeverSplitARevision) {
  Publisher publisher(*client_, "t", std::nullopt);
  publish(publisher, {"a", "b", "c"});
  publish(publisher, {"d", "e", "f", "g", "h", "i", "j"});
  publish(publisher, {"k"});
  for (const std::int64_t page : {1, 2, 3, 4, 5, 100}) {
    auto all = subscriber({.kind = From::Kind::beginning}, page);
    ASSERT_TRUE(all.begin(soon()));
    EXPECT_EQ(words(all, 12), "a b c d e f g h i j k (caught up)") << page;
  }
}

TEST_F(TopicTest, APositionInTheMiddleOfARevisionGoesOnBehindIt) {
  Publisher publisher(*client_, "t", std::nullopt);
  publish(publisher, {"a", "b", "c"});
  auto all = subscriber();
  ASSERT_TRUE(all.begin(soon()));
  EXPECT_EQ(words(all, 2), "a b");
  EXPECT_FALSE(last_.position.key.empty());
  auto rest = subscriber({.kind = From::Kind::position, .position = last_.position});
  ASSERT_TRUE(rest.begin(soon()));
  EXPECT_EQ(next(rest), "c");
  EXPECT_TRUE(last_.position.key.empty());
}

TEST_F(TopicTest, NowIsWhatComesFromNowOn) {
  server_.put("t/a", "old");
  auto late = subscriber({.kind = From::Kind::now});
  const auto begun = late.begin(soon());
  ASSERT_TRUE(begun);
  EXPECT_EQ((*begun)->revision, server_.revision());
  server_.put("t/b", "new");
  EXPECT_EQ(next(late), "new");
}

TEST_F(TopicTest, AMessageThatComesAsTheTimeIsUpIsNotMissed) {
  auto all = subscriber({.kind = From::Kind::now});
  ASSERT_TRUE(all.begin(soon()));
  EXPECT_EQ(next(all, 100ms), "(nothing)");
  expect_watch();
  server_.put("t/a", "1");
  EXPECT_TRUE(server_.until([&] { return next(all, 0ms) == "1"; }));
}

TEST_F(TopicTest, NothingIsMissedWhileTheStreamIsBroken) {
  auto all = subscriber();
  ASSERT_TRUE(all.begin(soon()));
  EXPECT_EQ(next(all), "(caught up)");
  EXPECT_EQ(next(all, 100ms), "(nothing)");
  expect_watch();
  server_.stop();
  server_.put("t/a", "1");
  server_.put("t/a", "2");
  server_.start();
  EXPECT_EQ(words(all, 4), "(interrupted) (resumed) 1 2");
}

TEST_F(TopicTest, SaysThatItGoesOnAlsoWhereTheOutageBeganBeforeItsWatchStood) {
  auto all = subscriber();
  ASSERT_TRUE(all.begin(soon()));
  EXPECT_EQ(next(all), "(caught up)");
  server_.stop();  // nothing has been watched yet
  EXPECT_EQ(next(all), "(interrupted)");
  server_.put("t/a", "1");
  server_.start();
  EXPECT_EQ(words(all, 2), "(resumed) 1");
}

TEST_F(TopicTest, WhatASilentMemberKeepsBackIsReadAlsoWhenTheFirstReadFails) {
  constexpr int kOk = 0;  // gRPC's statuses
  constexpr int kInternal = 13;
  Subscriber all(*client_, "t", {.kind = From::Kind::now}, 0, 100ms);
  ASSERT_TRUE(all.begin(soon()));
  EXPECT_EQ(next(all, 50ms), "(nothing)");
  expect_watch();
  server_.refuse("WatchEvents", kInternal, "");  // from now on
  server_.put("t/a", "1");
  server_.refuse("Range", kOk, "");  // that something was written is learned, but not what
  server_.refuse("Range", kInternal, "not now");
  EXPECT_EQ(words(all, 2), "1 (caught up)");
}

TEST_F(TopicTest, AGapIsToldExactlyAndWhatIsLeftOfItIsRead) {
  const auto first = server_.put("t/a", "1");
  server_.put("t/gone", "2");
  server_.put("t/kept", "3");
  server_.remove("t/gone");
  const auto compacted = server_.put("t/also", "4");
  server_.put("t/later", "5");
  server_.compact(compacted);
  auto late = subscriber(behind(first));
  ASSERT_TRUE(late.begin(soon()));
  EXPECT_EQ(next(late),
            "(gap " + std::to_string(first + 1) + "-" + std::to_string(compacted - 1) + ")");
  EXPECT_EQ(words(late, 4), "3 4 (caught up) 5");
}

TEST_F(TopicTest, ACompactionInTheMiddleOfTheListIsAGapBehindWhatWasTold) {
  for (int i = 0; i < 6; ++i) server_.put("t/" + std::to_string(i), std::to_string(i));
  const auto last = server_.revision();
  auto all = subscriber({.kind = From::Kind::beginning}, 3);
  ASSERT_TRUE(all.begin(soon()));
  EXPECT_EQ(words(all, 2), "0 1");
  server_.remove("t/2");
  server_.put("t/new", "6");
  server_.compact(server_.revision());
  const auto gap =
      "(gap " + std::to_string(last - 3) + "-" + std::to_string(server_.revision() - 1) + ")";
  EXPECT_EQ(words(all, 6), gap + " 3 4 5 6 (caught up)");
}

TEST_F(TopicTest, ACompactionBeforeAnythingWasToldIsNoGap) {
  server_.put("t/a", "1");
  auto all = subscriber();
  ASSERT_TRUE(all.begin(soon()));
  server_.put("t/b", "2");
  server_.compact(server_.revision());
  EXPECT_EQ(words(all, 3), "1 2 (caught up)");
}

TEST_F(TopicTest, AStoreThatWasSetBackIsRefused) {
  auto late = subscriber(
      {.kind = From::Kind::position, .position = {.revision = 1000}, .must_exist = true});
  const auto begun = late.begin(soon());
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().code, Code::bad_data);
}

TEST_F(TopicTest, ALostReplyNeverDoublesAMessage) {
  for (const auto retain : {std::optional<std::chrono::seconds>(), std::optional(3600s)}) {
    Publisher publisher(*client_, "t", retain);
    const auto before = server_.keys("t/").size();
    publish(publisher, {"first"});
    server_.drop_reply("Txn", 2);
    const auto done = publish(publisher, {"a", "b"});
    ASSERT_EQ(done.size(), 2U);
    EXPECT_EQ(server_.keys("t/").size(), before + 3);
    EXPECT_EQ(server_.value(done[1].key), "b");
    EXPECT_EQ(done[0].revision, server_.revision());
  }
}

// The first message of a slice of time, whose lease nobody has granted yet.
TEST_F(TopicTest, AReplyThatIsLostBeforeThereIsALeaseIsNoFailure) {
  Publisher publisher(*client_, "t", 3600s);
  server_.refuse("Txn", 14, "etcdserver: request timed out");
  ASSERT_EQ(publish(publisher, {"a", "b"}).size(), 2U);
  EXPECT_EQ(server_.keys("t/").size(), 2U);
}

TEST_F(TopicTest, PublishersOfATopicShareALease) {
  Publisher one(*client_, "t", 24h);
  Publisher two(*client_, "t", 24h);
  publish(one, {"a"});
  publish(two, {"b"});
  publish(one, {"c"});
  EXPECT_LE(server_.leases().size(), 2U);  // two if a slice has ended in between
  for (const auto lease : server_.leases()) EXPECT_TRUE(server_.expire_lease(lease));
  EXPECT_TRUE(server_.keys("t/").empty());
  publish(two, {"d"});
  EXPECT_EQ(server_.keys("t/").size(), 1U);
}

TEST_F(TopicTest, ManyMessagesGoInAsFewTransactionsAsFit) {
  Publisher publisher(*client_, "t", std::nullopt);
  const auto done = publish(publisher, std::vector<std::string>(300, "x"));
  EXPECT_EQ(done.size(), 300U);
  EXPECT_EQ(server_.calls("Txn"), 3);
  EXPECT_TRUE(layout::is_message_key(done[299].key)) << done[299].key;
  EXPECT_FALSE(layout::is_message_key("t/1795265905046433349347597001"));
}

TEST_F(TopicTest, ANameHasOneSubscriberAndItsPositionNeverGoesBack) {
  auto session = etcd::Session::open(*client_, soon(), 60s);
  auto other = etcd::Session::open(*client_, soon(), 60s);
  ASSERT_TRUE(session && other);
  Bookmark first(*client_, **session, "t", "me", {});
  const auto none = first.take(soon());
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
  Bookmark second(*client_, **other, "t", "me", {});
  auto taken = std::async(std::launch::async, [&] { return second.take(soon()); });
  EXPECT_TRUE(first.move(soon(), {.revision = 5, .key = "t/x"}));
  EXPECT_EQ(taken.wait_for(200ms), std::future_status::timeout);
  ASSERT_TRUE((*session)->close(soon()));
  const auto position = taken.get();
  ASSERT_TRUE(position && *position) << why(position);
  EXPECT_EQ((*position)->text(), "5 t/x");
  EXPECT_TRUE(second.move(soon(), {.revision = 9}));
  const auto late = first.move(soon(), {.revision = 6});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::lost);
  EXPECT_EQ(server_.value(layout::position_key("t", "me")), "9");
}

}  // namespace
}  // namespace coord::recipe
