#include "coord/recipe/guard.hpp"
#include "coord/recipe/rwlock.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

constexpr std::int64_t kNanos = 1'785'000'000'000'000'000;

class RwLockTest : public LockTest {
 protected:
  static std::shared_ptr<RwLock> lock(Attempt& attempt, Access access) {
    return std::make_shared<RwLock>(attempt.client(), attempt.session(), "x", access,
                                    HolderInfo{.host = "h", .pid = 1});
  }
  static void begin(Attempt& attempt, Access access) {
    attempt.begin_with(
        [one = lock(attempt, access)](const Context& ctx) { return one->acquire(ctx); });
  }
  // A key of a Go program.
  std::string foreign(Access access, std::int64_t nanos = kNanos) {
    const std::string key = layout::rwlock_key("x", access, nanos);
    server_.put(key, "");
    return key;
  }
  void expect_held(const Result<Held>& held, const Attempt& attempt) {
    ASSERT_TRUE(held) << why(held);
    EXPECT_EQ(held->lease, attempt.lease());
    EXPECT_TRUE(held->written_once);
    EXPECT_TRUE(server_.value(held->key));
  }

  Attempt one_{server_};
  Attempt two_{server_};
};

TEST_F(RwLockTest, AFreeOneIsTakenInOneTransaction) {
  const auto held = lock(one_, Access::write)->acquire(soon());
  expect_held(held, one_);
  EXPECT_EQ(held->name, "x");
  EXPECT_EQ(layout::parse_rwlock_key(held->key)->access, Access::write);
  EXPECT_EQ(held->revision, held->create_revision);
  EXPECT_EQ(server_.calls("Txn"), 1);
  EXPECT_EQ(HolderInfo::from_json(*server_.value(held->key))->host, "h");
}

TEST_F(RwLockTest, ReadersShareAndDoNotWait) {
  expect_held(lock(one_, Access::read)->acquire(soon()), one_);
  expect_held(lock(two_, Access::read)->acquire(soon()), two_);
  expect_held(lock(two_, Access::read)->try_acquire(soon()), two_);
  EXPECT_TRUE(server_.watches().empty());
}

TEST_F(RwLockTest, AWriterWaitsForAllReaders) {
  const std::string first = foreign(Access::read);
  const std::string second = foreign(Access::read, kNanos + 1);
  begin(one_, Access::write);
  expect_watched(second);
  server_.remove(second);
  expect_watched(first);
  EXPECT_TRUE(one_.waits());
  server_.remove(first);
  expect_held(one_.end(), one_);
}

TEST_F(RwLockTest, AReaderWaitsForTheYoungestWriterNotForReaders) {
  const std::string older = foreign(Access::write);
  const std::string writer = foreign(Access::write, kNanos + 1);
  const std::string reader = foreign(Access::read, kNanos + 2);
  begin(one_, Access::read);
  expect_watched(writer);
  server_.remove(writer);
  expect_watched(older);
  server_.remove(older);
  expect_held(one_.end(), one_);
  EXPECT_EQ(watched(reader), 0);
}

TEST_F(RwLockTest, AWriterThatWaitsKeepsLaterReadersWaiting) {
  const std::string reader = foreign(Access::read);
  begin(one_, Access::write);
  expect_watched(reader);
  begin(two_, Access::read);
  ASSERT_TRUE(server_.until([&] { return server_.watches().size() >= 4; }));
  EXPECT_TRUE(two_.waits());
  EXPECT_EQ(lock(two_, Access::read)->try_acquire(soon()).error().code, Code::busy);
  server_.remove(reader);
  const auto written = one_.end();
  expect_held(written, one_);
  EXPECT_TRUE(two_.waits());
  ASSERT_TRUE(lock(one_, Access::write)->release(soon(), *written));
  const auto read = two_.end();
  expect_held(read, two_);
  EXPECT_GT(read->revision, written->revision);
}

// Which sorts before and behind the readers' keys, whom a reader leaves out.
TEST_F(RwLockTest, AReaderWaitsForALockOfTheSameName) {
  for (const char* key : {"x/1", "x/f"}) {
    Attempt reader(server_);
    server_.put(key, "");
    begin(reader, Access::read);
    expect_watched(key);
    EXPECT_TRUE(reader.waits());
    server_.remove(key);
    const auto held = reader.end();
    expect_held(held, reader);
    server_.remove(held->key);
  }
}

TEST_F(RwLockTest, ALockWaitsForReadersAndWriters) {
  for (const Access access : {Access::read, Access::write}) {
    Contestant contestant(server_);
    const auto held = lock(one_, access)->acquire(soon());
    expect_held(held, one_);
    EXPECT_EQ(code(contestant.lock().try_acquire(soon())), Code::busy);
    contestant.begin();
    expect_in_line(contestant);
    ASSERT_TRUE(lock(one_, access)->release(soon(), *held));
    expect_owner(contestant.end(), contestant);
    server_.remove(contestant.key());
  }
}

TEST_F(RwLockTest, ARefusedTryLeavesNoTrace) {
  const auto refused = [&](Access access) {
    const auto revision = server_.revision();
    EXPECT_EQ(code(lock(one_, access)->try_acquire(soon())), Code::busy);
    EXPECT_EQ(server_.revision(), revision);
  };
  const std::string reader = foreign(Access::read);
  refused(Access::write);
  server_.remove(reader);
  const std::string writer = foreign(Access::write);
  refused(Access::write);
  refused(Access::read);
  server_.remove(writer);
  server_.put("x/1", "");
  refused(Access::read);
}

TEST_F(RwLockTest, ALostReplyMakesNoSecondKey) {
  for (const Access access : {Access::read, Access::write}) {
    server_.drop_reply("Txn", 2);
    const auto held = lock(one_, access)->acquire(soon());
    expect_held(held, one_);
    EXPECT_EQ(server_.keys("x/"), std::vector{held->key});
    server_.remove(held->key);
    server_.drop_reply("Txn");
    const auto tried = lock(one_, access)->try_acquire(soon());
    expect_held(tried, one_);
    EXPECT_EQ(server_.keys("x/"), std::vector{tried->key});
    server_.remove(tried->key);
  }
}

TEST_F(RwLockTest, AKeyThatSomebodyElseHasIsLeftToHim) {
  for (const bool wait : {true, false}) {
    const std::string taken = foreign(Access::read);
    const auto reader = lock(one_, Access::read);
    reader->next_key_at(kNanos);
    const auto held = wait ? reader->acquire(soon()) : reader->try_acquire(soon());
    expect_held(held, one_);
    EXPECT_NE(held->key, taken);
    EXPECT_EQ(server_.value(taken), "");
  }
}

TEST_F(RwLockTest, AWriterWhoseKeySomebodyElseHasWaitsForHim) {
  const std::string taken = foreign(Access::write);
  const auto writer = lock(one_, Access::write);
  writer->next_key_at(kNanos);
  EXPECT_EQ(code(writer->try_acquire(soon())), Code::busy);
  writer->next_key_at(kNanos);
  one_.begin_with([&](const Context& ctx) { return writer->acquire(ctx); });
  expect_watched(taken);
  server_.remove(taken);
  expect_held(one_.end(), one_);
}

TEST_F(RwLockTest, TheOwnKeyGoesWhileWeWait) {
  const std::string writer = foreign(Access::write);
  begin(one_, Access::read);
  expect_watched(writer);
  server_.expire_lease(one_.lease());
  EXPECT_EQ(code(one_.end()), Code::lost);
  EXPECT_EQ(server_.keys("x/"), std::vector{writer});
}

// Go orders by mod revision: to a Go program we would now stand behind it.
TEST_F(RwLockTest, TheOwnKeyIsPutAgainWhileWeWait) {
  const std::string writer = foreign(Access::write);
  begin(one_, Access::read);
  expect_watched(writer);
  const auto all = server_.keys("x/read/");
  ASSERT_EQ(all.size(), 1U);
  server_.put(all.front(), "", one_.lease());
  server_.remove(writer);
  EXPECT_EQ(code(one_.end()), Code::lost);
  EXPECT_TRUE(server_.keys("x/").empty());
}

TEST_F(RwLockTest, TheOwnKeyIsPutAgainWhileHeld) {
  const auto held = lock(one_, Access::read)->acquire(soon());
  expect_held(held, one_);
  Notifier changed;
  const Guard guard(one_.client(), {*held}, changed);
  expect_watched(held->key);
  EXPECT_FALSE(guard.lost());
  server_.put(held->key, "", one_.lease());
  ASSERT_TRUE(server_.until([&] { return guard.lost().has_value(); }));
  EXPECT_NE(guard.lost()->message.find("was overwritten"), std::string::npos);
  EXPECT_EQ(guard.lost()->message.find("without its lease"), std::string::npos);
}

TEST_F(RwLockTest, AWriterThatWasPutAgainStandsWhereItStood) {
  const std::string writer = foreign(Access::write);
  begin(one_, Access::read);
  expect_watched(writer);
  server_.put(writer, "again");
  server_.break_watch_streams();
  EXPECT_TRUE(one_.waits());
  EXPECT_EQ(code(lock(two_, Access::read)->acquire(Context::within(300ms))), Code::timed_out);
  server_.remove(writer);
  expect_held(one_.end(), one_);
}

TEST_F(RwLockTest, WaitsThroughAnOutageAndACompaction) {
  const std::string writer = foreign(Access::write);
  begin(one_, Access::read);
  expect_watched(writer);
  server_.stop();
  server_.remove(writer);
  server_.put("other", "");
  server_.compact(server_.revision());
  server_.start();
  expect_held(one_.end(), one_);
}

TEST_F(RwLockTest, CancellingAndTimeLimitsEndTheWaiting) {
  const std::string writer = foreign(Access::write);
  begin(one_, Access::read);
  expect_watched(writer);
  one_.cancel();
  EXPECT_EQ(code(one_.end()), Code::cancelled);
  EXPECT_EQ(code(lock(two_, Access::write)->acquire(Context::within(300ms))), Code::timed_out);
}

TEST_F(RwLockTest, ReleaseTakesTheOwnKeyOnly) {
  const std::string reader = foreign(Access::read);
  const auto held = lock(one_, Access::read)->acquire(soon());
  expect_held(held, one_);
  Held older = *held;
  --older.create_revision;
  ASSERT_TRUE(lock(one_, Access::read)->release(soon(), older));
  EXPECT_TRUE(server_.value(held->key));
  ASSERT_TRUE(lock(one_, Access::read)->release(soon(), *held));
  EXPECT_EQ(server_.keys("x/"), std::vector{reader});
}

}  // namespace
}  // namespace coord::recipe
