// The software transactional memory against the fake server.
#include <gtest/gtest.h>

#include <thread>

#include "coord/etcd/lease.hpp"
#include "coord/recipe/backoff.hpp"
#include "coord/recipe/stm.hpp"
#include "fake/client_of.hpp"

namespace coord::recipe {
namespace {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;

constexpr int kOutOfRange = 11;  // gRPC's statuses
constexpr int kPermissionDenied = 7;
constexpr const char* kFuture = "etcdserver: mvcc: required revision is a future revision";

class StmTest : public testing::Test {
 protected:
  using Body = std::function<Result<>(Stm&)>;

  Result<Committed> run(const Body& body, StmOptions options = {}) {
    return stm(*client_, soon(), options, body);
  }
  Result<Committed> run(Isolation isolation, const Body& body) {
    return run(body, {.isolation = isolation, .attempts = 3});
  }
  // Adds one to KEY; MEANWHILE is called after the read of each attempt.
  Body increment(const std::string& key, const std::function<void()>& meanwhile = [] {}) {
    return [this, key, meanwhile](Stm& one) -> Result<> {
      ++runs_;
      COORD_TRY_INTO(const auto value, one.get(key));
      meanwhile();
      one.put(key, std::to_string(std::stoi(value.value_or("0")) + 1));
      return {};
    };
  }
  // Runs ACTION in the first attempt only.
  std::function<void()> once(const std::function<void()>& action) {
    return [this, action] {
      if (runs_ <= 1) action();
    };
  }
  static Code code(const Result<Committed>& result) {
    return result ? Code::internal : result.error().code;
  }

  fake::FakeEtcd server_;
  std::unique_ptr<etcd::Client> client_ = fake::client_of(server_);
  int runs_ = 0;
};

TEST_F(StmTest, ReadsAndWritesInTwoRoundTrips) {
  server_.put("n", "41");
  const auto done = run(increment("n"));
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(server_.value("n"), "42");
  EXPECT_EQ(done->attempts, 1);
  EXPECT_EQ(done->header.revision, server_.revision());
  EXPECT_EQ(server_.calls("Txn"), 2);
}

TEST_F(StmTest, AnAbsentKeyIsNothingAndHasNoRevision) {
  const auto done = run([](Stm& one) -> Result<> {
    COORD_TRY_INTO(const auto value, one.get("none"));
    COORD_TRY_INTO(const auto revision, one.rev("none"));
    EXPECT_FALSE(value);
    EXPECT_EQ(revision, 0);
    return {};
  });
  EXPECT_TRUE(done) << why(done);
}

TEST_F(StmTest, OwnWritesAreSeenAndTheStoreIsNotTouchedBefore) {
  server_.put("a", "1");
  const auto done = run([this](Stm& one) -> Result<> {
    one.put("a", "2");
    one.remove("b");
    COORD_TRY_INTO(const auto values, one.get(std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(values[0], "2");
    EXPECT_FALSE(values[1]);
    EXPECT_FALSE(values[2]);
    EXPECT_EQ(server_.value("a"), "1");
    return {};
  });
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(server_.value("a"), "2");
}

TEST_F(StmTest, SeveralKeysComeInOneRoundTripAlsoWhenOneIsKnown) {
  for (const char* key : {"a", "b", "c"}) server_.put(key, key);
  const auto done = run([this](Stm& one) -> Result<> {
    COORD_TRY(one.get("a"));
    const int before = server_.calls("Txn");
    COORD_TRY_INTO(const auto values, one.get(std::vector<std::string>{"a", "b", "c", "b"}));
    EXPECT_EQ(server_.calls("Txn"), before + 1);
    EXPECT_EQ(values, (std::vector<std::optional<std::string>>{"a", "b", "c", "b"}));
    return {};
  });
  EXPECT_TRUE(done) << why(done);
}

TEST_F(StmTest, AConflictRunsTheFunctionAgainWithWhatCameWithTheRefusal) {
  server_.put("n", "1");
  const auto done = run(increment("n", once([this] { server_.put("n", "10"); })));
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(server_.value("n"), "11");
  EXPECT_EQ(done->attempts, 2);
  EXPECT_EQ(server_.calls("Txn"), 3);  // one read, two commits
}

TEST_F(StmTest, AKeyThatAppearsIsAConflict) {
  const auto done = run(increment("n", once([this] { server_.put("n", "10"); })));
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(server_.value("n"), "11");
}

TEST_F(StmTest, AttemptsRunOut) {
  const auto done = run(increment("n", [this] { server_.put("n", "1"); }), {.attempts = 3});
  EXPECT_EQ(code(done), Code::compare_failed);
  EXPECT_EQ(why(done), "somebody else was faster each time, 3 times in a row");
  EXPECT_EQ(runs_, 3);
  EXPECT_EQ(server_.value("n"), "1");
}

TEST_F(StmTest, TheErrorOfTheFunctionEndsItAndNothingIsWritten) {
  const auto done = run([](Stm& one) -> Result<> {
    one.put("a", "1");
    return fail(Code::bad_data, "not like this");
  });
  EXPECT_EQ(why(done), "not like this");
  EXPECT_FALSE(server_.value("a"));
}

TEST_F(StmTest, AFailedReadEndsItEvenIfTheFunctionOverlooksIt) {
  server_.refuse("Txn", kPermissionDenied, "etcdserver: permission denied");
  const auto done = run([](Stm& one) -> Result<> {
    (void)one.get("a");
    one.put("a", "1");
    return {};
  });
  EXPECT_EQ(code(done), Code::denied);
  EXPECT_FALSE(server_.value("a"));
}

TEST_F(StmTest, ALeaseIsKeptWhereItIsNamed) {
  auto lease = etcd::Lease(*client_).grant(soon(), 60s);
  ASSERT_TRUE(lease);
  server_.put("a", "1", lease->id);
  const auto done = run([&](Stm& one) -> Result<> {
    COORD_TRY_INTO(const auto found, one.lease("a"));
    EXPECT_EQ(found, lease->id);
    one.put("a", "2", found);
    return {};
  });
  ASSERT_TRUE(done) << why(done);
  server_.expire_lease(lease->id);
  EXPECT_FALSE(server_.value("a"));
}

// --- what each level catches ---

constexpr auto kAll = {Isolation::serializable_snapshot, Isolation::serializable,
                       Isolation::repeatable_reads, Isolation::read_committed};

TEST_F(StmTest, AChangedReadIsCaughtByAllButReadCommitted) {
  for (const Isolation level : kAll) {
    server_.put("n", "1");
    runs_ = 0;
    const auto done = run(level, increment("n", once([this] { server_.put("n", "10"); })));
    ASSERT_TRUE(done) << why(done);
    const bool caught = level != Isolation::read_committed;
    EXPECT_EQ(server_.value("n"), caught ? "11" : "2");
    EXPECT_EQ(done->attempts, caught ? 2 : 1);
  }
}

TEST_F(StmTest, AKeyThatIsWrittenUnreadIsCaughtBySnapshotOnly) {
  for (const Isolation level : kAll) {
    server_.put("read", "1");
    const auto done = run(level, [this](Stm& one) -> Result<> {
      COORD_TRY(one.get("read"));
      if (++runs_ == 1) server_.put("written", "theirs");
      one.put("written", "ours");
      return {};
    });
    ASSERT_TRUE(done) << why(done);
    EXPECT_EQ(done->attempts, level == Isolation::serializable_snapshot ? 2 : 1);
    EXPECT_EQ(server_.value("written"), "ours");
    runs_ = 0;
  }
}

TEST_F(StmTest, ReadsAreOfOneRevisionUnderTheTwoSerializableLevels) {
  for (const Isolation level : kAll) {
    server_.put("a", "old");
    server_.put("b", "old");
    std::string first_b;
    runs_ = 0;
    const auto done = run(level, [&](Stm& one) -> Result<> {
      COORD_TRY(one.get("a"));
      if (++runs_ == 1) server_.put("b", "new");
      COORD_TRY_INTO(const auto b, one.get("b"));
      if (runs_ == 1) first_b = *b;
      return {};
    });
    ASSERT_TRUE(done) << why(done);
    const bool snapshot =
        level == Isolation::serializable_snapshot || level == Isolation::serializable;
    EXPECT_EQ(first_b, snapshot ? "old" : "new");
    EXPECT_EQ(done->attempts, snapshot ? 2 : 1);
  }
}

TEST_F(StmTest, AReadIsRepeatedFromMemoryAtEveryLevel) {
  for (const Isolation level : kAll) {
    server_.put("a", "1");
    const auto done = run(level, [this](Stm& one) -> Result<> {
      COORD_TRY_INTO(const auto first, one.get("a"));
      if (++runs_ == 1) server_.put("a", "2");
      COORD_TRY_INTO(const auto second, one.get("a"));
      EXPECT_EQ(first, second);
      return {};
    });
    ASSERT_TRUE(done) << why(done);
    runs_ = 0;
  }
}

TEST_F(StmTest, WritesWithoutReadsAreBlind) {
  for (const Isolation level : kAll) {
    const auto done = run(level, [this](Stm& one) -> Result<> {
      server_.put("a", "theirs");
      one.put("a", "ours");
      return {};
    });
    ASSERT_TRUE(done) << why(done);
    EXPECT_EQ(done->attempts, 1);
    EXPECT_EQ(server_.value("a"), "ours");
  }
}

// --- trouble ---

TEST_F(StmTest, AMemberThatLagsIsAskedForACurrentAnswer) {
  server_.put("a", "1");
  server_.put("b", "2");
  const auto done = run([this](Stm& one) -> Result<> {
    COORD_TRY(one.get("a"));
    server_.refuse("Txn", kOutOfRange, kFuture);
    COORD_TRY_INTO(const auto b, one.get("b"));
    EXPECT_EQ(b, "2");
    return {};
  });
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(done->attempts, 1);
}

TEST_F(StmTest, ARevisionThatIsCompactedAwayBeginsANewAttempt) {
  server_.put("a", "1");
  server_.put("b", "2");
  const auto done = run([this](Stm& one) -> Result<> {
    COORD_TRY(one.get("a"));
    if (++runs_ == 1) {
      server_.put("other", "x");
      server_.compact(server_.revision());
    }
    COORD_TRY(one.get("b"));
    one.put("b", "3");
    return {};
  });
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(done->attempts, 2);
  EXPECT_EQ(server_.value("b"), "3");
}

TEST_F(StmTest, ALostReplyToAReadIsAskedForAgain) {
  server_.put("n", "1");
  server_.drop_reply("Txn");
  const auto done = run(increment("n"));
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(server_.value("n"), "2");
}

TEST_F(StmTest, ACommitThatWasRefusedIsSentAgain) {
  server_.put("n", "1");
  const auto done = run(
      increment("n", once([this] { server_.refuse("Txn", 14, "etcdserver: request timed out"); })));
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(server_.value("n"), "2");
  EXPECT_EQ(runs_, 1);
}

TEST_F(StmTest, ALostReplyToACommitThatTookEffectIsNeverDoneTwice) {
  server_.put("n", "1");
  const auto done = run(increment("n", once([this] { server_.drop_reply("Txn"); })));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::unavailable);
  EXPECT_TRUE(done.error().uncertain);
  EXPECT_EQ(server_.value("n"), "2");
  EXPECT_EQ(runs_, 1);
}

// The commit of the first attempt is lost on the way, and somebody else writes something else.
TEST_F(StmTest, ALostReplyAndAnotherFirstChangeMeanThatNothingWasDone) {
  server_.put("n", "1");
  const auto done = run(increment("n", once([this] {
                                    server_.put("n", "10");
                                    server_.refuse("Txn", 14, "etcdserver: request timed out");
                                  })));
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(done->attempts, 2);
  EXPECT_EQ(server_.value("n"), "11");
}

TEST_F(StmTest, AnEqualWriteOfSomebodyElseIsNotTakenForOurs) {
  server_.put("n", "1");
  const auto done = run(increment("n", once([this] {
                                    server_.put("n", "2");
                                    server_.refuse("Txn", 14, "etcdserver: request timed out");
                                  })));
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().uncertain);
  EXPECT_EQ(server_.value("n"), "2");
}

TEST_F(StmTest, EqualWritesOfDifferentRevisionsAreNotOurs) {
  server_.put("a", "1");
  server_.put("b", "1");
  const auto done = run([this](Stm& one) -> Result<> {
    COORD_TRY_INTO(const auto values, one.get(std::vector<std::string>{"a", "b"}));
    if (++runs_ == 1) {
      server_.put("a", "2");
      server_.put("b", "2");
      server_.refuse("Txn", 14, "etcdserver: request timed out");
    }
    for (const char* key : {"a", "b"}) one.put(key, std::to_string(std::stoi(*values[0]) + 1));
    return {};
  });
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(done->attempts, 2);
  EXPECT_EQ(server_.value("a"), "3");
}

// Whoever wrote it before our commit was not in its way.
TEST_F(StmTest, AKeyThatIsWrittenUnreadTellsNothingOfALostReply) {
  for (const Isolation level : {Isolation::serializable, Isolation::repeatable_reads}) {
    server_.put("n", "1");
    runs_ = 0;
    const auto done = run(level, [this](Stm& one) -> Result<> {
      COORD_TRY_INTO(const auto n, one.get("n"));
      if (++runs_ == 1) {
        server_.put("blind", "theirs");
        server_.drop_reply("Txn");
      }
      one.put("blind", "ours");
      one.put("n", std::to_string(std::stoi(*n) + 1));
      return {};
    });
    ASSERT_FALSE(done);
    EXPECT_TRUE(done.error().uncertain);
    EXPECT_EQ(runs_, 1);
    EXPECT_EQ(server_.value("n"), "2");
  }
}

TEST_F(StmTest, ALostReplyWhileAnotherReadKeyChangedMeansThatNothingWasDone) {
  server_.put("read", "1");
  server_.put("n", "1");
  const auto done = run([this](Stm& one) -> Result<> {
    COORD_TRY_INTO(const auto values, one.get(std::vector<std::string>{"read", "n"}));
    if (++runs_ == 1) {
      server_.put("read", "2");
      server_.refuse("Txn", 14, "etcdserver: request timed out");
    }
    one.put("n", *values[0]);
    return {};
  });
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(done->attempts, 2);
  EXPECT_EQ(server_.value("n"), "2");
}

TEST_F(StmTest, ALostReplyToADeletionIsNeverDoneTwice) {
  server_.put("n", "1");
  const auto done = run([this](Stm& one) -> Result<> {
    COORD_TRY(one.get("n"));
    if (++runs_ == 1) server_.drop_reply("Txn");
    one.remove("n");
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_TRUE(done.error().uncertain);
  EXPECT_EQ(runs_, 1);
  EXPECT_FALSE(server_.value("n"));
}

TEST_F(StmTest, AHistoryThatIsCompactedAwayProvesNothing) {
  server_.put("n", "1");
  const auto done = run(increment("n", once([this] {
                                    server_.put("n", "10");
                                    server_.put("n", "11");
                                    server_.compact(server_.revision());
                                    server_.refuse("Txn", 14, "etcdserver: request timed out");
                                  })));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::unavailable);
  EXPECT_TRUE(done.error().uncertain);
  EXPECT_EQ(server_.value("n"), "11");
}

TEST_F(StmTest, ACommitThatCouldHappenTwiceIsNotSentAgain) {
  for (const Isolation level : {Isolation::serializable_snapshot, Isolation::read_committed}) {
    server_.refuse("Txn", 14, "etcdserver: request timed out");
    const int before = server_.calls("Txn");
    const auto done = run(level, [](Stm& one) -> Result<> {
      one.put("a", "blind");
      return {};
    });
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Code::unavailable);
    EXPECT_TRUE(done.error().uncertain);
    EXPECT_EQ(server_.calls("Txn"), before + 1);
  }
}

TEST_F(StmTest, TooManyKeysAreRefusedWithTheirNumber) {
  const auto done = run([](Stm& one) -> Result<> {
    for (int i = 0; i < 129; ++i) one.put("k" + std::to_string(i), "");
    return {};
  });
  EXPECT_EQ(code(done), Code::bad_data);
  EXPECT_EQ(why(done), "too many keys in one transaction: 129 operations are more than etcd takes");
}

TEST_F(StmTest, PatienceEndsWithEtcdsSilence) {
  server_.never_answer(true);
  const auto done = run(increment("n"), {.patience = 300ms});
  EXPECT_EQ(code(done), Code::unavailable) << why(done);
  ASSERT_FALSE(done);
  EXPECT_FALSE(done.error().uncertain);
}

TEST_F(StmTest, TheContextEndsTheAttempts) {
  const auto body = increment("n", [this] { server_.put("n", "1"); });
  EXPECT_EQ(code(stm(*client_, Context::within(300ms), {}, body)), Code::timed_out);
  std::stop_source stop;
  const auto stopping = increment("n", [this, &stop] {
    server_.put("n", "1");
    stop.request_stop();
  });
  EXPECT_EQ(code(stm(*client_, Context(stop.get_token()), {}, stopping)), Code::cancelled);
}

TEST_F(StmTest, ManyAtOnceLoseNoUpdate) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 25;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([this] {
        const auto client = fake::client_of(server_);
        for (int round = 0; round < kRounds; ++round) {
          const auto done = stm(*client, soon(), {}, [](Stm& one) -> Result<> {
            COORD_TRY_INTO(const auto value, one.get("n"));
            one.put("n", std::to_string(std::stoi(value.value_or("0")) + 1));
            return {};
          });
          EXPECT_TRUE(done) << why(done);
        }
      });
    }
  }
  EXPECT_EQ(server_.value("n"), std::to_string(kThreads * kRounds));
}

TEST(Backoff, PausesGrowToALimit) {
  Backoff backoff;
  EXPECT_LE(backoff.next(), Backoff::kFirst);
  Duration most{0};
  for (int i = 0; i < 200; ++i) most = std::max(most, backoff.next());
  EXPECT_GT(most, Backoff::kFirst);
  EXPECT_LE(most, Backoff::kMost);
}

}  // namespace
}  // namespace coord::recipe
