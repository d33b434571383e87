// Many keys in few transactions, against the fake server.
#include <gtest/gtest.h>

#include "coord/recipe/bulk_put.hpp"
#include "fake/client_of.hpp"

namespace coord::recipe {
namespace {

using fake::soon;

class BulkPutTest : public testing::Test {
 protected:
  void put_all(BulkPut& puts, int count, const std::string& value = "v") {
    for (int i = 0; i < count; ++i) ASSERT_TRUE(puts.add(soon(), "k" + std::to_string(i), value));
    ASSERT_TRUE(puts.flush(soon()));
  }

  fake::FakeEtcd server_;
  std::unique_ptr<etcd::Client> client_ = fake::client_of(server_);
};

TEST_F(BulkPutTest, TakesAsFewTransactionsAsTheLimitsAllow) {
  BulkPut puts(*client_, {.operations = 4}, false);
  put_all(puts, 10);
  EXPECT_EQ(puts.written(), 10);
  EXPECT_EQ(server_.calls("Txn"), 3);
  BulkPut large(*client_, {.bytes = 250}, false);
  put_all(large, 4, std::string(100, 'x'));
  EXPECT_EQ(server_.calls("Txn"), 3 + 4);
}

TEST_F(BulkPutTest, AKeyThatComesTwiceIsWrittenTwiceInOrder) {
  BulkPut puts(*client_, {}, false);
  for (const char* value : {"1", "2", "3"}) ASSERT_TRUE(puts.add(soon(), "k", value));
  ASSERT_TRUE(puts.flush(soon()));
  EXPECT_EQ(server_.value("k"), "3");
  EXPECT_EQ(puts.written(), 3);
}

TEST_F(BulkPutTest, IfAbsentLeavesAloneWhatIsThere) {
  server_.put("k1", "theirs");
  server_.put("k3", "theirs");
  BulkPut puts(*client_, {}, true);
  put_all(puts, 5);
  EXPECT_EQ(puts.written(), 3);
  EXPECT_EQ(puts.skipped(), 2);
  EXPECT_EQ(server_.value("k1"), "theirs");
  EXPECT_EQ(server_.value("k4"), "v");
  BulkPut again(*client_, {}, true);
  put_all(again, 5, "other");
  EXPECT_EQ(again.skipped(), 5);
  EXPECT_EQ(server_.value("k4"), "v");
}

TEST_F(BulkPutTest, ALostReplyIsNoFailure) {
  server_.drop_reply("Txn");
  BulkPut puts(*client_, {}, true);
  put_all(puts, 3);
  EXPECT_EQ(puts.written(), 3);
  EXPECT_EQ(puts.skipped(), 0);
}

TEST_F(BulkPutTest, AfterAnErrorTheTransactionIsStillThere) {
  BulkPut puts(*client_, {}, false);
  ASSERT_TRUE(puts.add(soon(), "k", "v"));
  server_.refuse("Txn", 7, "etcdserver: permission denied");
  EXPECT_FALSE(puts.flush(soon()));
  EXPECT_EQ(puts.pending(), 1);
  ASSERT_TRUE(puts.flush(soon()));
  EXPECT_EQ(server_.value("k"), "v");
}

}  // namespace
}  // namespace coord::recipe
