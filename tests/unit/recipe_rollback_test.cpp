// The difference of two revisions, and the way back, against the fake server.
#include <gtest/gtest.h>

#include "coord/etcd/lease.hpp"
#include "coord/recipe/rollback.hpp"
#include "fake/client_of.hpp"

namespace coord::recipe {
namespace {

using fake::soon;
using fake::why;
using namespace std::chrono_literals;

class RollbackTest : public testing::Test {
 protected:
  static DiffRange all(std::int64_t from, std::int64_t to = 0) {
    const auto range = etcd::RangeRequest::prefix("a/");
    return {range.key, range.range_end, from, to};
  }

  // "+key", "-key", "~key".
  std::string differences(const DiffRange& range, std::int64_t page_size = 0) {
    RangeDiff diff(*client_, range, page_size);
    std::string told;
    for (;;) {
      const auto change = diff.next(soon(), 5s);
      if (!change) return why(change);
      if (!*change) return told;
      const char* sign = !(*change)->before ? "+" : (*change)->after ? "~" : "-";
      told += (told.empty() ? "" : " ") + (sign + (*change)->key());
    }
  }

  fake::FakeEtcd server_;
  std::unique_ptr<etcd::Client> client_ = fake::client_of(server_);
};

TEST_F(RollbackTest, TheDifferenceIsToldInKeyOrderWhateverThePageSize) {
  for (const char* key : {"a/1", "a/2", "a/3", "a/5"}) server_.put(key, "x");
  const auto before = server_.revision();
  EXPECT_EQ(differences(all(before)), "");
  server_.remove("a/1");
  server_.put("a/2", "y");
  server_.put("a/3", "x");
  server_.put("a/4", "x");
  server_.put("b", "x");
  const auto after = server_.revision();
  for (const std::int64_t page : {0, 1, 2, 3})
    EXPECT_EQ(differences(all(before), page), "-a/1 ~a/2 +a/4");
  server_.put("a/9", "x");
  EXPECT_EQ(differences(all(before, after)), "-a/1 ~a/2 +a/4");
  EXPECT_EQ(differences(all(after, before)), "+a/1 ~a/2 -a/4");
  EXPECT_EQ(differences({"a/2", "", before}), "~a/2");
}

TEST_F(RollbackTest, ACompactedRevisionIsAnError) {
  server_.put("a/1", "x");
  server_.compact(server_.put("a/1", "y"));
  RangeDiff diff(*client_, all(2));
  const auto change = diff.next(soon(), 5s);
  ASSERT_FALSE(change);
  EXPECT_EQ(change.error().code, Code::compacted);
}

TEST_F(RollbackTest, BringsBackWhatWasInOneTransaction) {
  server_.put("a/1", "x");
  server_.put("a/2", "x");
  const auto before = server_.revision();
  server_.put("a/1", "y");
  server_.remove("a/2");
  server_.put("a/3", "y");
  Rollback rollback(*client_, all(before), {});
  const auto plan = rollback.plan(soon());
  ASSERT_TRUE(plan) << why(plan);
  EXPECT_EQ(plan->puts, 2);
  EXPECT_EQ(plan->deletes, 1);
  EXPECT_EQ(plan->pages, 1);
  const auto done = rollback.run(soon());
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(done->pages, 1);
  EXPECT_EQ(differences(all(before)), "");
  EXPECT_EQ(server_.calls("Txn"), 1);
  Rollback again(*client_, all(before), {});
  EXPECT_EQ(again.plan(soon())->keys(), 0);
  EXPECT_TRUE(again.run(soon()));
  EXPECT_EQ(server_.calls("Txn"), 1);
}

TEST_F(RollbackTest, PagesAreCutByOperationsAndBytes) {
  for (int i = 0; i < 10; ++i) server_.put("a/" + std::to_string(i), std::string(100, 'x'));
  const auto before = server_.revision();
  for (int i = 0; i < 10; ++i) server_.remove("a/" + std::to_string(i));
  EXPECT_EQ(Rollback(*client_, all(before), {.operations = 4}).plan(soon())->pages, 3);
  EXPECT_EQ(Rollback(*client_, all(before), {.bytes = 400}).plan(soon())->pages, 5);
  EXPECT_EQ(Rollback(*client_, all(before), {.bytes = 1}).plan(soon())->pages, 10);
}

TEST_F(RollbackTest, ANewerWriteIsNotLostAndWholePagesAreWritten) {
  for (const char* key : {"a/1", "a/2", "a/3", "a/4"}) server_.put(key, "x");
  const auto before = server_.revision();
  for (const char* key : {"a/1", "a/2", "a/3", "a/4"}) server_.put(key, "y");
  Rollback rollback(*client_, all(before), {.operations = 2});
  ASSERT_TRUE(rollback.plan(soon()));
  server_.put("a/4", "newer");
  server_.put("a/5", "newer");
  const auto done = rollback.run(soon());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::compare_failed);
  EXPECT_TRUE(done.error().message.starts_with("'a/4' was changed meanwhile")) << why(done);
  EXPECT_EQ(rollback.done().pages, 1);
  EXPECT_EQ(server_.value("a/2"), "x");
  EXPECT_EQ(server_.value("a/3"), "y");
  EXPECT_EQ(server_.value("a/4"), "newer");
  EXPECT_EQ(server_.value("a/5"), "newer");
}

TEST_F(RollbackTest, AnAbsentKeyThatCameBackIsAConflictToo) {
  server_.put("a/1", "x");
  const auto before = server_.revision();
  server_.remove("a/1");
  Rollback rollback(*client_, all(before), {});
  ASSERT_TRUE(rollback.plan(soon()));
  server_.put("a/1", "newer");
  EXPECT_FALSE(rollback.run(soon()));
  EXPECT_EQ(server_.value("a/1"), "newer");
}

TEST_F(RollbackTest, ALostReplyIsNoConflict) {
  server_.put("a/1", "x");
  server_.put("a/2", "x");
  const auto before = server_.revision();
  server_.put("a/1", "y");
  server_.remove("a/2");
  server_.put("a/3", "y");
  server_.drop_reply("Txn");
  Rollback rollback(*client_, all(before), {});
  ASSERT_TRUE(rollback.plan(soon()));
  const auto done = rollback.run(soon());
  ASSERT_TRUE(done) << why(done);
  EXPECT_EQ(done->keys, 3);
  EXPECT_EQ(differences(all(before)), "");
}

TEST_F(RollbackTest, CountsWhatHungOnALease) {
  const auto session = etcd::Lease(*client_).grant(soon(), 60s);
  ASSERT_TRUE(session);
  server_.put("a/1", "x", session->id);
  const auto before = server_.revision();
  server_.remove("a/1");
  Rollback rollback(*client_, all(before), {});
  EXPECT_EQ(rollback.plan(soon())->leased, 1);
}

}  // namespace
}  // namespace coord::recipe
