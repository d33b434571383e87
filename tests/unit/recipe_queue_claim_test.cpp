// Claims: nothing is lost and nothing doubled, whatever reply gets lost.
#include <thread>

#include "recipe_queue_support.hpp"

namespace coord::recipe {
namespace {

class QueueClaimTest : public QueueTest {
 protected:
  Strings claims() const { return server_.keys("__q/claims/"); }
  Result<GivenBack> back(const Worker& worker, const ClaimedItem& item, const GiveBack& how = {}) {
    return give_back(*worker.client, soon(), "q", item, how);
  }
};

TEST_F(QueueClaimTest, AClaimMovesTheItemInOneTransaction) {
  put({"a", "b", "c"});
  Worker worker(server_, queue_);
  const int before = server_.calls("Txn");
  const auto taken = worker.take(2);
  EXPECT_EQ(server_.calls("Txn"), before + 2);  // one to look for the dead
  EXPECT_EQ(values(taken), (Strings{"a", "b"}));
  EXPECT_EQ(waiting(), Strings{"c"});
  EXPECT_EQ(claims().size(), 2U);
  EXPECT_EQ(server_.value(taken.front().claim_key), "a");
  EXPECT_EQ(taken.front().attempt, 1);
  EXPECT_TRUE(server_.value(worker.consumer->held().key));
}

TEST_F(QueueClaimTest, ALostReplyOfAClaimIsNoLostItem) {
  put({"a", "b"});
  Worker worker(server_, queue_);
  ASSERT_TRUE(worker.backlog->await(soon(), false));
  for (const char* item : {"a", "b"}) {
    server_.drop_reply("Txn", 2);
    const auto taken = worker.consumer->claim(soon(), worker.backlog->items(), 1);
    ASSERT_TRUE(taken) << why(taken);
    EXPECT_EQ(values(*taken), Strings{item});
    EXPECT_EQ(finish(*worker.client, soon(), "q", *taken), 0U);
  }
  EXPECT_TRUE(claims().empty());
  EXPECT_TRUE(waiting().empty());
}

TEST_F(QueueClaimTest, WhatSomebodyElseTookIsPassedOver) {
  put({"a", "b", "c"});
  Worker one(server_, queue_);
  Worker two(server_, queue_);
  ASSERT_TRUE(one.backlog->await(soon(), false));
  ASSERT_TRUE(two.backlog->await(soon(), false));
  EXPECT_EQ(values(*one.consumer->claim(soon(), one.backlog->items(), 1)), Strings{"a"});
  EXPECT_EQ(two.consumer->claim(soon(), two.backlog->items(), 2)->size(), 1U + 1U);
  EXPECT_TRUE(waiting().empty());
}

TEST_F(QueueClaimTest, NothingThatIsStillThereIsPassedOver) {
  Strings all;
  for (int i = 10; i < 40; ++i) all.push_back(std::to_string(i));
  put(all);
  Worker slow(server_, queue_);
  Worker quick(server_, queue_);
  ASSERT_TRUE(slow.backlog->await(soon(), false));
  Strings seen;
  for (std::size_t n = 0; n < all.size(); n += 3) {
    EXPECT_EQ(quick.take(1).size(), 1U);
    const auto taken = slow.consumer->claim(soon(), slow.backlog->items(), 2);
    ASSERT_TRUE(taken) << why(taken);
    for (const std::string& value : values(*taken)) seen.push_back(value);
  }
  EXPECT_EQ(seen.size(), 20U);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
}

TEST_F(QueueClaimTest, NothingLeftIsNoError) {
  put({"a"});
  Worker one(server_, queue_);
  Worker two(server_, queue_);
  ASSERT_TRUE(two.backlog->await(soon(), false));
  ASSERT_EQ(one.take().size(), 1U);
  const auto taken = two.consumer->claim(soon(), two.backlog->items(), 1);
  ASSERT_TRUE(taken) << why(taken);
  EXPECT_TRUE(taken->empty());
}

TEST_F(QueueClaimTest, ALeaseThatEndedClaimsNothing) {
  put({"a", "b"});
  Worker worker(server_, queue_);
  ASSERT_EQ(worker.take().size(), 1U);
  server_.expire_lease(worker.session->lease());
  const auto taken = worker.consumer->claim(soon(), worker.backlog->items(), 1);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, Code::lost);
  EXPECT_EQ(waiting(), Strings{"b"});
}

TEST_F(QueueClaimTest, AFullTransactionIsHalvedWhenItIsTooLarge) {
  put(numbered(60));
  Worker worker(server_, queue_);
  ASSERT_TRUE(worker.backlog->await(soon(), false));
  server_.refuse("Txn", 3, "etcdserver: too many operations in txn request");
  const auto taken = worker.consumer->claim(soon(), worker.backlog->items(), 60);
  ASSERT_TRUE(taken) << why(taken);
  EXPECT_EQ(taken->size(), 30U);
}

TEST_F(QueueClaimTest, FinishedItemsAreGone) {
  put(numbered(60));
  Worker worker(server_, queue_);
  const auto taken = worker.take(60);
  ASSERT_EQ(taken.size(), 60U);
  server_.drop_reply("Txn");
  EXPECT_EQ(finish(*worker.client, soon(), "q", taken), 0U);
  EXPECT_TRUE(claims().empty());
}

TEST_F(QueueClaimTest, ARefusalAfterALostRequestLeavesNoClaim) {
  put({"a", "b", "c"});
  Worker worker(server_, queue_);
  const auto taken = worker.take(3);
  ASSERT_EQ(taken.size(), 3U);
  server_.remove(taken.front().claim_key);  // an operator
  server_.refuse("Txn", 14, "etcdserver: request timed out");
  EXPECT_EQ(finish(*worker.client, soon(), "q", taken), 1U);
  EXPECT_TRUE(claims().empty());
}

TEST_F(QueueClaimTest, WhatWasGivenBackMeanwhileIsToldWhenItIsFinished) {
  put({"a", "b"});
  Worker worker(server_, queue_);
  const auto taken = worker.take(2);
  server_.expire_lease(worker.session->lease());
  server_.remove(taken.front().claim_key);
  EXPECT_EQ(finish(*client_, soon(), "q", taken), 1U);
  EXPECT_TRUE(claims().empty());
}

TEST_F(QueueClaimTest, AnItemGivenBackGoesToTheEndAndCountsItsAttempts) {
  put({"a", "b"});
  Worker worker(server_, queue_);
  auto taken = worker.take();
  server_.drop_reply("Txn");
  EXPECT_EQ(back(worker, taken.front()), GivenBack::in_queue);
  EXPECT_EQ(waiting(), (Strings{"b", "a"}));
  EXPECT_TRUE(claims().empty());
  worker.take();
  taken = worker.take();
  EXPECT_EQ(values(taken), Strings{"a"});
  EXPECT_EQ(taken.front().attempt, 2);
  EXPECT_EQ(back(worker, taken.front(), {.counts = false}), GivenBack::in_queue);
  EXPECT_EQ(worker.take().front().attempt, 2);
}

TEST_F(QueueClaimTest, AfterTheLastAttemptItGoesToTheDeadQueue) {
  put({"a"});
  Worker worker(server_, queue_);
  const GiveBack how{.most_attempts = 2};
  EXPECT_EQ(back(worker, worker.take().front(), how), GivenBack::in_queue);
  server_.drop_reply("Txn");
  EXPECT_EQ(back(worker, worker.take().front(), how), GivenBack::in_dead_queue);
  EXPECT_TRUE(waiting().empty());
  ASSERT_EQ(server_.keys("q.dead/").size(), 1U);
  EXPECT_EQ(server_.value(server_.keys("q.dead/").front()), "a");
}

TEST_F(QueueClaimTest, AnItemIsGivenBackOnce) {
  put({"a"});
  Worker worker(server_, queue_);
  const auto taken = worker.take();
  EXPECT_EQ(back(worker, taken.front()), GivenBack::in_queue);
  EXPECT_EQ(back(worker, taken.front()), GivenBack::gone);
  EXPECT_EQ(finish(*worker.client, soon(), "q", taken), 1U);
  EXPECT_EQ(waiting(), Strings{"a"});
}

TEST_F(QueueClaimTest, WhereTheOldKeyIsTakenAnotherIsFound) {
  put({"a"});
  Worker worker(server_, queue_);
  const auto taken = worker.take();
  server_.put(taken.front().item_key + ".1", "other");
  EXPECT_EQ(back(worker, taken.front()), GivenBack::in_queue);
  EXPECT_EQ(waiting(), (Strings{"other", "a"}));
}

TEST_F(QueueClaimTest, APriorityItemGoesBackToItsPlace) {
  queue_.kind = layout::QueueKind::priority;
  put({"a", "b"}, 7);
  Worker worker(server_, queue_);
  const auto taken = worker.take();
  const auto before = server_.revision();
  EXPECT_EQ(back(worker, taken.front()), GivenBack::in_queue);
  EXPECT_EQ(waiting(), (Strings{"a", "b"}));
  EXPECT_EQ(server_.keys("q/").front(), "q/00007/0000000000000000.1");
  // Or a Go program that has read the level before would overwrite it.
  const auto book = etcd::Kv(*client_).range(soon(), {.key = "__q/00007"});
  ASSERT_TRUE(book) << why(book);
  EXPECT_GT(book->kvs.front().mod_revision, before);
}

TEST_F(QueueClaimTest, TheClaimsOfTheDeadAreGivenBackOnce) {
  put({"a", "b"});
  Worker dying(server_, queue_);
  Worker living(server_, queue_);
  ASSERT_EQ(dying.take().size(), 1U);
  ASSERT_EQ(living.take().size(), 1U);
  EXPECT_EQ(recover(*client_, soon(), "q", 3), 0U);
  server_.expire_lease(dying.session->lease());
  server_.drop_reply("Txn", 1);
  EXPECT_EQ(recover(*client_, soon(), "q", 3), 1U);
  EXPECT_EQ(waiting(), Strings{"a"});
  EXPECT_EQ(recover(*client_, soon(), "q", 3), 0U);
  EXPECT_EQ(claims().size(), 1U);
}

TEST_F(QueueClaimTest, WhoeverRecoversCountsAttemptsToo) {
  put({"a"});
  Worker dying(server_, queue_);
  ASSERT_EQ(dying.take().size(), 1U);
  server_.expire_lease(dying.session->lease());
  EXPECT_EQ(recover(*client_, soon(), "q", 1), 1U);
  EXPECT_TRUE(waiting().empty());
  EXPECT_EQ(server_.keys("q.dead/").size(), 1U);
}

TEST_F(QueueClaimTest, ManyConsumersTakeEachItemOnce) {
  put(numbered(80));
  std::mutex mutex;
  Strings all;
  {
    std::vector<std::jthread> consumers;
    for (int i = 0; i < 6; ++i)
      consumers.emplace_back([&] {
        Worker worker(server_, queue_);
        for (auto taken = worker.take(); !taken.empty(); taken = worker.take()) {
          EXPECT_EQ(finish(*worker.client, soon(), "q", taken), 0U);
          const std::lock_guard lock(mutex);
          all.push_back(taken.front().value);
        }
      });
  }
  auto expected = numbered(80);
  std::ranges::sort(all);
  std::ranges::sort(expected);
  EXPECT_EQ(all, expected);
  EXPECT_TRUE(claims().empty());
}

TEST_F(QueueClaimTest, ClaimsTellWhoHasThem) {
  put({"a"});
  Worker worker(server_, queue_);
  ASSERT_EQ(worker.take().size(), 1U);
  auto found = claims_of(*client_, soon(), queue_);
  ASSERT_TRUE(found && found->size() == 1) << why(found);
  EXPECT_TRUE(found->front().is_alive);
  EXPECT_EQ(found->front().who->host, "h");
  EXPECT_EQ(found->front().value, "a");
  server_.expire_lease(worker.session->lease());
  found = claims_of(*client_, soon(), queue_);
  ASSERT_TRUE(found && found->size() == 1) << why(found);
  EXPECT_FALSE(found->front().is_alive);
}

}  // namespace
}  // namespace coord::recipe
