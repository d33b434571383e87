#include <gtest/gtest.h>

#include "coord/etcd/kv.hpp"
#include "fake/client_of.hpp"

namespace coord::etcd {
namespace {

using fake::soon;
using fake::why;

class TxnTest : public testing::Test {
 protected:
  bool holds(Compare compare) {
    return kv_.txn(soon(), Txn{}.when(std::move(compare))).value().succeeded;
  }

  fake::FakeEtcd server_;
  std::unique_ptr<Client> client_ = fake::client_of(server_);
  Kv kv_{*client_};
};

TEST_F(TxnTest, TakesOneBranchAtOneRevision) {
  server_.put("old", "x");
  Txn txn;
  txn.when(Compare::create("k", CompareResult::equal, 0))
      .then(PutRequest{.key = "k", .value = "v"})
      .then(DeleteRequest{.key = "old"})
      .then(RangeRequest::prefix(""))
      .otherwise(RangeRequest{.key = "k"});
  const auto first = kv_.txn(soon(), txn);
  ASSERT_TRUE(first) << why(first);
  EXPECT_TRUE(first->succeeded);
  ASSERT_EQ(first->replies.size(), 3U);
  EXPECT_EQ(std::get<DeleteReply>(first->replies[1]).deleted, 1);
  ASSERT_EQ(first->range(2).kvs.size(), 1U);
  EXPECT_EQ(first->range(2).kvs[0].mod_revision, first->header.revision);

  const auto second = kv_.txn(soon(), txn);
  ASSERT_TRUE(second) << why(second);
  EXPECT_FALSE(second->succeeded);
  EXPECT_EQ(second->range(0).kvs.at(0).value, "v");
  EXPECT_EQ(server_.revision(), first->header.revision);
}

TEST_F(TxnTest, ChangesNothingWhenOneStepIsRefused) {
  const auto txn = kv_.txn(
      soon(),
      Txn{}.then(PutRequest{.key = "a", .value = "1"}).then(PutRequest{.key = "b", .lease = 4711}));
  EXPECT_EQ(txn.error().code, Code::not_found) << why(txn);
  EXPECT_TRUE(server_.keys().empty());
}

TEST_F(TxnTest, ComparesEveryTarget) {
  const std::int64_t created = server_.put("k", "a");
  const std::int64_t changed = server_.put("k", "b");
  EXPECT_TRUE(holds(Compare::create("k", CompareResult::equal, created)));
  EXPECT_TRUE(holds(Compare::create("k", CompareResult::less, created + 1)));
  EXPECT_FALSE(holds(Compare::create("k", CompareResult::equal, changed)));
  EXPECT_TRUE(holds(Compare::mod("k", CompareResult::equal, changed)));
  EXPECT_TRUE(holds(Compare::mod("k", CompareResult::greater, created)));
  EXPECT_FALSE(holds(Compare::mod("k", CompareResult::not_equal, changed)));
  EXPECT_TRUE(holds({.key = "k", .target = CompareTarget::version, .number = 2}));
  EXPECT_TRUE(holds({.key = "k", .target = CompareTarget::value, .value = "b"}));
  EXPECT_TRUE(holds({.key = "k",
                     .target = CompareTarget::value,
                     .result = CompareResult::greater,
                     .value = "a"}));
  EXPECT_TRUE(holds({.key = "k", .target = CompareTarget::lease, .number = 0}));
}

TEST_F(TxnTest, ComparesAnAbsentKeyAsZeroesWithoutAValue) {
  EXPECT_TRUE(holds(Compare::create("k", CompareResult::equal, 0)));
  EXPECT_TRUE(holds(Compare::mod("k", CompareResult::equal, 0)));
  EXPECT_TRUE(holds({.key = "k", .target = CompareTarget::version, .number = 0}));
  EXPECT_FALSE(holds({.key = "k", .target = CompareTarget::value, .value = ""}));
}

TEST_F(TxnTest, ComparesEveryKeyOfARange) {
  const std::int64_t first = server_.put("p/1", "");
  server_.put("p/2", "");
  Compare older = Compare::create("p/", CompareResult::less, server_.revision() + 1);
  older.range_end = "p0";
  EXPECT_TRUE(holds(older));
  older.number = first + 1;
  EXPECT_FALSE(holds(older));
}

TEST_F(TxnTest, RefusesToWriteAKeyTwice) {
  const auto txn = kv_.txn(
      soon(),
      Txn{}.then(PutRequest{.key = "k", .value = "1"}).then(PutRequest{.key = "k", .value = "2"}));
  EXPECT_EQ(txn.error().code, Code::bad_data) << why(txn);
  EXPECT_NE(txn.error().message.find("duplicate key"), std::string::npos) << why(txn);
}

}  // namespace
}  // namespace coord::etcd
