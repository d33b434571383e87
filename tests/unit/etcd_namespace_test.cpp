// A client with a name space sees nothing else, and nothing that it is told of shows the prefix.
#include <gtest/gtest.h>

#include "coord/etcd/kv.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/etcd/watch.hpp"
#include "fake/client_of.hpp"

namespace coord::etcd {
namespace {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;
using Keys = std::vector<std::string>;

class NamespaceTest : public testing::Test {
 protected:
  NamespaceTest() {
    Options options;
    options.endpoints = {server_.endpoint()};
    options.name_space = "team/";
    client_ = fake::open_client(options);
    for (const char* key : {"a", "team.", "team/k", "team/l", "team0"}) server_.put(key, "v");
  }

  Keys keys(const RangeRequest& request) {
    return fake::keys_of(kv().range(soon(), request).value());
  }
  Kv kv() { return Kv(*client_); }

  fake::FakeEtcd server_;
  std::unique_ptr<Client> client_;
};

TEST_F(NamespaceTest, ReadsOnlyItsOwn) {
  EXPECT_EQ(keys({.key = "k"}), Keys{"k"});
  EXPECT_EQ(keys({.key = "a"}), Keys{});
  EXPECT_EQ(keys(RangeRequest::prefix("")), (Keys{"k", "l"}));
  EXPECT_EQ(keys({.key = "l", .range_end = std::string(1, '\0')}), Keys{"l"});
  EXPECT_EQ(keys({.key = "a", .range_end = "l"}), Keys{"k"});
}

TEST_F(NamespaceTest, WritesUnderItsPrefix) {
  ASSERT_TRUE(kv().put(soon(), {.key = "m", .value = "v"}));
  EXPECT_EQ(server_.value("team/m"), "v");
  const auto removed = kv().remove(
      soon(), {.key = std::string(1, '\0'), .range_end = std::string(1, '\0'), .prev_kv = true});
  ASSERT_TRUE(removed) << why(removed);
  EXPECT_EQ(removed->deleted, 3);
  EXPECT_EQ(removed->prev_kvs.at(0).key, "k");
  EXPECT_EQ(server_.keys(), (Keys{"a", "team.", "team0"}));
}

TEST_F(NamespaceTest, ReachesEveryPartOfATransaction) {
  const auto txn = kv().txn(soon(), Txn{}
                                        .when(Compare::create("k", CompareResult::greater, 0))
                                        .when(Compare::create("a", CompareResult::equal, 0))
                                        .then(PutRequest{.key = "n", .value = "v"})
                                        .then(DeleteRequest{.key = "l"})
                                        .then(RangeRequest::prefix("")));
  ASSERT_TRUE(txn) << why(txn);
  ASSERT_TRUE(txn->succeeded);
  ASSERT_EQ(txn->range(2).kvs.size(), 2U);
  EXPECT_EQ(txn->range(2).kvs[1].key, "n");
  EXPECT_EQ(server_.keys("team/"), (Keys{"team/k", "team/n"}));
}

TEST_F(NamespaceTest, PagesStayWithinIt) {
  RangePages pages(*client_, RangeRequest::prefix(""), 1);
  Keys found;
  for (auto page = pages.next(soon()); page && *page; page = pages.next(soon())) {
    for (const KeyValue& kv : (*page)->kvs) found.push_back(kv.key);
  }
  EXPECT_EQ(found, (Keys{"k", "l"}));
}

TEST_F(NamespaceTest, WatchesOnlyItsOwn) {
  Watcher watcher(*client_);
  watcher.add({.key = "", .range_end = std::string(1, '\0'), .prev_kv = true});
  ASSERT_EQ(watcher.next(soon())->kind, WatchReply::Kind::created);
  server_.put("team0", "other");
  server_.put("team/k", "new");
  const auto reply = watcher.next(soon());
  ASSERT_TRUE(reply) << why(reply);
  ASSERT_EQ(reply->events.size(), 1U);
  EXPECT_EQ(reply->events[0].kv.key, "k");
  EXPECT_EQ(reply->events[0].prev_kv->key, "k");
}

TEST_F(NamespaceTest, ListsTheKeysOfALeaseWithoutPrefix) {
  const auto grant = Lease(*client_).grant(soon(), 60s);
  ASSERT_TRUE(grant) << why(grant);
  ASSERT_TRUE(kv().put(soon(), {.key = "leased", .lease = grant->id}));
  server_.put("elsewhere", "", grant->id);
  const auto left = Lease(*client_).time_to_live(soon(), grant->id, true);
  ASSERT_TRUE(left) << why(left);
  EXPECT_EQ(left->keys, Keys{"leased"});
}

}  // namespace
}  // namespace coord::etcd
