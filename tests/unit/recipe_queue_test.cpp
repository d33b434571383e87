// Putting, order, waiting, listing.
#include <atomic>
#include <thread>

#include "recipe_queue_support.hpp"

namespace coord::recipe {
namespace {

TEST_F(QueueTest, ItemsOfOneTransactionStayInOrder) {
  put(numbered(300));
  EXPECT_EQ(waiting(), numbered(300));
  EXPECT_LT(server_.calls("Txn"), 6);
}

TEST_F(QueueTest, AProducerLeavesNothingBesideItsItems) {
  put({"a", "b"});
  EXPECT_EQ(server_.keys().size(), 2U);
  EXPECT_EQ(server_.keys("q/").size(), 2U);
}

TEST_F(QueueTest, ALostReplyPutsEveryItemOnce) {
  for (const int times : {1, 2}) {
    server_.drop_reply("Txn", times);
    put({"a", "b"});
  }
  EXPECT_EQ(waiting(), (Strings{"a", "b", "a", "b"}));
}

// The item's key is gone by the time of the second try: the key alone could not tell.
TEST_F(QueueTest, ALostReplyDoesNotDoubleWhatSomebodyHasTakenMeanwhile) {
  QueueProducer producer(*client_, "q", {});
  std::vector<Written> done;
  server_.drop_reply("Txn");
  server_.refuse("Txn", 14, "etcdserver: request timed out", 3);
  std::jthread other([this] {
    EXPECT_TRUE(server_.until([this] { return !server_.keys("q/").empty(); }));
    for (const auto& key : server_.keys("q/")) server_.remove(key);
  });
  const Strings items{"a"};
  const auto put = producer.put(soon(), items, done);
  other.join();
  ASSERT_TRUE(put) << why(put);
  EXPECT_EQ(done.size(), 1U);
  EXPECT_EQ(waiting(), Strings{});
  // A first try may still come late: what would stop it stays for a while, on a lease.
  ASSERT_TRUE(producer.close(soon()));
  EXPECT_EQ(server_.keys("__q/puts/").size(), 1U);
  EXPECT_EQ(server_.leases().size(), 1U);
}

TEST_F(QueueTest, WhatIsTooLargeIsHalved) {
  server_.refuse("Txn", 3, "etcdserver: request is too large", 2);
  put(numbered(100));
  EXPECT_EQ(waiting(), numbered(100));
}

TEST_F(QueueTest, OneItemThatIsTooLargeIsTold) {
  server_.refuse("Txn", 3, "etcdserver: request is too large");
  QueueProducer producer(*client_, "q", {});
  std::vector<Written> done;
  const Strings items{"a"};
  const auto put = producer.put(soon(), items, done);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().code, Code::bad_data);
  EXPECT_FALSE(producer.in_doubt());
  EXPECT_TRUE(done.empty());
}

TEST_F(QueueTest, APurgeInTheMiddleEndsNoProducer) {
  QueueProducer producer(*client_, "q", {});
  std::vector<Written> done;
  const Strings first{"a"};
  const Strings second{"b"};
  ASSERT_TRUE(producer.put(soon(), first, done));
  EXPECT_EQ(purge(*client_, soon(), queue_), 1);
  ASSERT_TRUE(producer.put(soon(), second, done));
  ASSERT_TRUE(producer.close(soon()));
  EXPECT_EQ(waiting(), second);
  EXPECT_EQ(server_.keys().size(), 1U);
}

TEST_F(QueueTest, PrioritiesComeInOrder) {
  queue_.kind = layout::QueueKind::priority;
  put({"c", "d"}, 20);
  put({"a", "b"}, 3);
  put({"e"}, 20);
  EXPECT_EQ(waiting(), (Strings{"a", "b", "c", "d", "e"}));
  EXPECT_EQ(server_.keys("q/").front(), "q/00003/0000000000000000");
  EXPECT_EQ(server_.keys("__q/"), (Strings{"__q/00003", "__q/00020"}));
}

TEST_F(QueueTest, PrioritiesPutByManyAtOnceAreAllThere) {
  queue_.kind = layout::QueueKind::priority;
  {
    std::vector<std::jthread> producers;
    for (int i = 0; i < 6; ++i)
      producers.emplace_back([this] {
        for (int n = 0; n < 5; ++n) put({"x"}, 1);
      });
  }
  EXPECT_EQ(waiting().size(), 30U);
}

TEST_F(QueueTest, APriorityItemWhoseReplyWasLostIsThereOnce) {
  queue_.kind = layout::QueueKind::priority;
  server_.drop_reply("Txn", 2);
  put({"a"}, 1);
  EXPECT_EQ(waiting(), Strings{"a"});
}

TEST_F(QueueTest, PagesEndWithinARevision) {
  put(numbered(1100));
  put({"last"});
  auto expected = numbered(1100);
  expected.emplace_back("last");
  EXPECT_EQ(waiting(), expected);
}

TEST_F(QueueTest, OtherQueuesItemsAreNotOurs) {
  put({"ours"});
  for (const char* key : {"qq/17", "q.dead/17", "q/nested/17", "q/00001/0000000000000001"})
    server_.put(key, "theirs");
  EXPECT_EQ(waiting(), Strings{"ours"});
  Worker worker(server_, queue_);
  EXPECT_EQ(values(worker.take(10)), Strings{"ours"});
  EXPECT_TRUE(worker.take().empty());
  EXPECT_FALSE(worker.backlog->foreign().empty());
}

TEST_F(QueueTest, ManyForeignKeysDoNotHideAnItem) {
  for (int i = 0; i < 200; ++i) server_.put("q/nested/" + std::to_string(i), "theirs");
  put({"ours"});
  const auto page = first_items(*client_, soon(), queue_, 8);
  ASSERT_TRUE(page) << why(page);
  ASSERT_EQ(page->items.size(), 1U);
  EXPECT_EQ(page->items.front().value, "ours");
}

// --- waiting ---

class WaitingTest : public QueueTest {
 protected:
  void begin() {
    worker_.emplace(server_, queue_);
    waiter_ = std::jthread([this](const std::stop_token& stop) {
      ended_ = worker_->backlog->await(Context(stop).at_most(20s), true);
      over_ = true;
    });
    EXPECT_TRUE(server_.until([this] { return server_.watches().size() == 1; }));
  }
  void expect_item(const std::string& value) {
    ASSERT_TRUE(server_.until([this] { return over_.load(); }, 20s));
    ASSERT_TRUE(ended_) << why(ended_);
    ASSERT_FALSE(worker_->backlog->items().empty());
    EXPECT_EQ(worker_->backlog->items().front().value, value);
  }

  std::optional<Worker> worker_;
  Result<> ended_;
  std::atomic<bool> over_ = false;
  std::jthread waiter_;
};

TEST_F(WaitingTest, AnItemEndsTheWaiting) {
  begin();
  EXPECT_TRUE(server_.watches().front().no_delete);
  EXPECT_EQ(server_.watches().front().start_revision, 0);
  put({"a"});
  expect_item("a");
}

TEST_F(WaitingTest, AnItemThatWasPutBeforeTheWatchStood) {
  server_.delay(50ms);
  worker_.emplace(server_, queue_);
  waiter_ = std::jthread([this](const std::stop_token& stop) {
    ended_ = worker_->backlog->await(Context(stop).at_most(20s), true);
    over_ = true;
  });
  ASSERT_TRUE(server_.until([this] { return server_.calls("Range") >= 1; }));
  server_.put("q/17", "a");
  expect_item("a");
}

TEST_F(WaitingTest, ABrokenStreamLosesNothing) {
  begin();
  server_.stop();
  server_.put("q/17", "a");
  server_.compact(server_.revision());
  server_.start();
  expect_item("a");
}

TEST_F(WaitingTest, CancellingEndsTheWaiting) {
  begin();
  waiter_.request_stop();
  ASSERT_TRUE(server_.until([this] { return over_.load(); }));
  EXPECT_EQ(ended_.error().code, Code::cancelled);
}

TEST_F(WaitingTest, AnItemIsRecoveredWhileOthersWait) {
  put({"a"});
  Worker dying(server_, queue_);
  ASSERT_EQ(dying.take().size(), 1U);
  begin();
  server_.expire_lease(dying.session->lease());
  expect_item("a");
  EXPECT_EQ(worker_->backlog->items().front().attempts, 1);
}

}  // namespace
}  // namespace coord::recipe
