// The history of a key against the fake server.
#include <gtest/gtest.h>

#include "coord/recipe/history.hpp"
#include "fake/client_of.hpp"

namespace coord::recipe {
namespace {

using fake::soon;
using fake::why;

class HistoryTest : public testing::Test {
 protected:
  // "value", or "-" for a removal, newest first.
  std::string told(const HistoryOptions& options = {}) {
    auto history = KeyHistory::read(*client_, soon(), "k", options);
    if (!history) return why(history);
    std::string all;
    for (;;) {
      const auto version = history->next(soon());
      if (!version) return why(version);
      if (!*version) break;
      all += ((*version)->removed ? "-" : (*version)->kv.value) + " ";
    }
    compacted_ = history->compacted_before();
    cut_ = history->cut();
    return all;
  }

  fake::FakeEtcd server_;
  std::unique_ptr<etcd::Client> client_ = fake::client_of(server_);
  std::int64_t compacted_ = 0;
  bool cut_ = false;
};

TEST_F(HistoryTest, TellsAllLivesNewestFirst) {
  server_.put("k", "1");
  server_.put("other", "x");
  server_.put("k", "2");
  server_.remove("k");
  server_.put("k", "3");
  EXPECT_EQ(told(), "3 - 2 1 ");
  EXPECT_EQ(compacted_, 0);
  EXPECT_FALSE(cut_);
}

TEST_F(HistoryTest, OfADeletedKeyToo) {
  server_.put("k", "1");
  server_.remove("k");
  EXPECT_EQ(told(), "- 1 ");
}

TEST_F(HistoryTest, OfAKeyThatNeverWasThereIsNothing) {
  server_.put("other", "x");
  EXPECT_EQ(told(), "");
  server_.compact(server_.put("other", "y"));
  EXPECT_EQ(told(), "");
}

TEST_F(HistoryTest, EndsWhereItWasCompacted) {
  server_.put("k", "1");
  server_.put("k", "2");
  const auto compacted = server_.put("other", "x");
  server_.put("k", "3");
  server_.compact(compacted);
  EXPECT_EQ(told(), "3 2 ");
  EXPECT_EQ(compacted_, compacted);
}

TEST_F(HistoryTest, AKeyThatWasNotChangedSinceTheCompactionHasOneVersion) {
  server_.put("k", "1");
  server_.put("k", "2");
  server_.compact(server_.put("other", "x"));
  EXPECT_EQ(told(), "2 ");
  server_.compact(server_.put("k", "3"));
  EXPECT_EQ(told(), "3 ");
}

TEST_F(HistoryTest, KeepsNoMoreThanAreWanted) {
  for (const char* value : {"1", "2", "3"}) server_.put("k", value);
  EXPECT_EQ(told({.most = 2}), "3 2 ");
  EXPECT_TRUE(cut_);
  EXPECT_EQ(told({.most = 3}), "3 2 1 ");
  EXPECT_FALSE(cut_);
}

TEST_F(HistoryTest, ReadsAgainTheValuesThatDoNotFitIntoMemory) {
  for (const char* value : {"1111", "2222", "3333", "4444"}) server_.put("k", value);
  server_.remove("k");
  EXPECT_EQ(told({.most_bytes = 4}), "- 4444 3333 2222 1111 ");
}

TEST_F(HistoryTest, ACompactionWhileItIsToldEndsItThere) {
  for (const char* value : {"1111", "2222", "3333", "4444"}) server_.put("k", value);
  auto history = KeyHistory::read(*client_, soon(), "k", {.most_bytes = 4});
  ASSERT_TRUE(history) << why(history);
  ASSERT_EQ((*history->next(soon()))->kv.value, "4444");
  server_.compact(server_.revision());
  EXPECT_FALSE(*history->next(soon()));
  EXPECT_EQ(history->compacted_before(), server_.revision());
}

TEST_F(HistoryTest, SilenceIsAnError) {
  server_.put("k", "1");
  server_.never_answer(true);
  const auto history =
      KeyHistory::read(*client_, soon(), "k", {.patience = std::chrono::milliseconds{200}});
  ASSERT_FALSE(history);
  EXPECT_EQ(history.error().code, Code::unavailable) << history.error().message;
}

TEST_F(HistoryTest, TheOldestRevision) {
  EXPECT_EQ(oldest_revision(*client_, soon(), "k"), std::nullopt);
  server_.put("k", "1");
  EXPECT_EQ(oldest_revision(*client_, soon(), "k"), std::nullopt);
  server_.compact(server_.put("k", "2"));
  EXPECT_EQ(oldest_revision(*client_, soon(), "k"), server_.revision());
}

}  // namespace
}  // namespace coord::recipe
