#include "coord/recipe/observe.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

using Kind = Observation::Kind;

class ObserveTest : public testing::Test {
 protected:
  // The next thing that is told: the leader's value, or a word in brackets.
  std::string next(Duration limit = 20s) {
    const auto seen = observer_.next(Context::within(limit));
    if (!seen) return seen.error().code == Code::timed_out ? "(nothing)" : why(seen);
    last_ = *seen;
    if (seen->kind == Kind::interrupted) return "(interrupted)";
    if (seen->kind == Kind::resumed) return "(resumed)";
    return seen->leader ? seen->leader->value : "(nobody)";
  }
  // The next leader's value that is told after an outage.
  std::string next_leader() {
    for (;;) {
      const std::string told = next();
      if (told != "(interrupted)" && told != "(resumed)") return told;
    }
  }
  void expect_watch() {
    EXPECT_EQ(next(100ms), "(nothing)");
    EXPECT_TRUE(server_.until([&] { return !server_.watches().empty(); }));
  }
  std::string overtaken(const std::function<void()>& change) {
    server_.delay(100ms);
    auto told = std::async(std::launch::async, [this] { return next(); });
    EXPECT_TRUE(server_.until([&] { return server_.calls("Watch") > 0; }));
    change();
    server_.delay(0ms);
    return told.get();
  }

  fake::FakeEtcd server_;
  std::unique_ptr<etcd::Client> client_ = fake::client_of(server_);
  Observer observer_{*client_, "x"};
  Observation last_;
};

TEST_F(ObserveTest, TellsFirstWhoLeadsNow) {
  const auto revision = server_.put("x/1", "a");
  server_.put("x/2", "b");
  EXPECT_EQ(next(), "a");
  EXPECT_EQ(last_.leader->key, "x/1");
  EXPECT_EQ(last_.leader->create_revision, revision);
  EXPECT_EQ(last_.header.revision, server_.revision());
  EXPECT_EQ(next(200ms), "(nothing)");
}

TEST_F(ObserveTest, TellsThatNobodyLeadsAndThenWhoDoes) {
  EXPECT_EQ(next(), "(nobody)");
  expect_watch();
  server_.put("x/1", "a");
  EXPECT_EQ(next(), "a");
  server_.remove("x/1");
  EXPECT_EQ(next(), "(nobody)");
}

TEST_F(ObserveTest, TellsEachProclaimedValueAndNothingOfThoseWhoWait) {
  server_.put("x/1", "a");
  EXPECT_EQ(next(), "a");
  expect_watch();
  server_.put("x/2", "waits");
  server_.put("x/1", "b");
  EXPECT_EQ(next(), "b");
  server_.put("x/2", "still waits");
  server_.put("x/1", "");
  EXPECT_EQ(next(), "");
  server_.remove("x/1");
  EXPECT_EQ(next(), "still waits");
}

TEST_F(ObserveTest, AHandOverCostsNoRequest) {
  server_.put("x/1", "a");
  server_.put("x/2", "b");
  EXPECT_EQ(next(), "a");
  expect_watch();
  const int before = server_.calls("Range");
  server_.remove("x/1");
  EXPECT_EQ(next(), "b");
  EXPECT_EQ(server_.calls("Range"), before);
}

TEST_F(ObserveTest, AChangeBetweenTheReadAndTheWatchIsNotMissed) {
  EXPECT_EQ(next(), "(nobody)");
  EXPECT_EQ(overtaken([this] { server_.put("x/1", "a"); }), "a");
}

// Go's Observe tells "gone", the first of the puts that it hears of.
TEST_F(ObserveTest, ALeaderThatIsGoneWhenWeHearOfItIsNotTold) {
  EXPECT_EQ(next(), "(nobody)");
  expect_watch();
  server_.never_answer(true);
  server_.put("x/1", "gone");
  server_.put("x/2", "b");
  server_.remove("x/1");
  server_.never_answer(false);  // all three in one reply
  EXPECT_EQ(next(), "b");
}

TEST_F(ObserveTest, ABrokenStreamLosesNothing) {
  server_.put("x/1", "a");
  EXPECT_EQ(next(), "a");
  expect_watch();
  server_.break_watch_streams();
  server_.put("x/1", "b");
  EXPECT_EQ(next_leader(), "b");
}

TEST_F(ObserveTest, ACompactionIsNoEnd) {
  server_.put("x/1", "a");
  server_.put("x/2", "b");
  EXPECT_EQ(next(), "a");
  expect_watch();
  server_.stop();
  server_.remove("x/1");
  server_.put("other", "");
  server_.compact(server_.revision());
  server_.start();
  EXPECT_EQ(next_leader(), "b");
  server_.put("x/2", "c");
  EXPECT_EQ(next_leader(), "c");
}

TEST_F(ObserveTest, AnOutageIsToldOnceAndItsEndToo) {
  server_.put("x/1", "a");
  EXPECT_EQ(next(), "a");
  expect_watch();
  server_.stop();
  EXPECT_EQ(next(), "(interrupted)");
  EXPECT_FALSE(last_.error.message.empty());
  EXPECT_EQ(next(1500ms), "(nothing)");
  server_.start();
  EXPECT_EQ(next(), "(resumed)");
  server_.put("x/1", "b");
  EXPECT_EQ(next(), "b");
}

TEST_F(ObserveTest, WithoutEtcdTheFirstLookFails) {
  server_.stop();
  const auto seen = observer_.next(Context::within(5s));
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, Code::unavailable) << why(seen);
}

TEST_F(ObserveTest, StoppingEndsTheWait) {
  std::stop_source stop;
  EXPECT_EQ(next(), "(nobody)");
  auto told =
      std::async(std::launch::async, [&] { return observer_.next(Context(stop.get_token())); });
  stop.request_stop();
  const auto seen = told.get();
  ASSERT_FALSE(seen);
  EXPECT_EQ(seen.error().code, Code::cancelled);
}

}  // namespace
}  // namespace coord::recipe
