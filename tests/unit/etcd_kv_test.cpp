#include <gtest/gtest.h>

#include "coord/etcd/kv.hpp"
#include "fake/client_of.hpp"

namespace coord::etcd {
namespace {

using fake::soon;
using fake::why;

class KvTest : public testing::Test {
 protected:
  std::vector<std::string> keys(const RangeRequest& request) {
    return fake::keys_of(kv_.range(soon(), request).value());
  }

  fake::FakeEtcd server_;
  std::unique_ptr<Client> client_ = fake::client_of(server_);
  Kv kv_{*client_};
};

TEST_F(KvTest, BringsBackWhatWasPutByteForByte) {
  const std::string value("a\0b\xff\n", 5);
  const auto put = kv_.put(soon(), {.key = "k", .value = value});
  ASSERT_TRUE(put) << why(put);
  const auto range = kv_.range(soon(), {.key = "k"});
  ASSERT_TRUE(range) << why(range);
  ASSERT_EQ(range->kvs.size(), 1U);
  const KeyValue& kv = range->kvs[0];
  EXPECT_EQ(kv.value, value);
  EXPECT_EQ(kv.create_revision, put->header.revision);
  EXPECT_EQ(kv.mod_revision, put->header.revision);
  EXPECT_EQ(kv.version, 1);
  EXPECT_EQ(range->count, 1);
  EXPECT_NE(range->header.cluster_id, 0U);
}

TEST_F(KvTest, FindsNothingUnderAKeyThatIsNotThere) {
  const auto range = kv_.range(soon(), {.key = "k"});
  ASSERT_TRUE(range) << why(range);
  EXPECT_TRUE(range->kvs.empty());
  EXPECT_EQ(range->count, 0);
}

TEST_F(KvTest, TellsThePairFromBefore) {
  server_.put("k", "old");
  EXPECT_EQ(kv_.put(soon(), {.key = "k", .value = "new", .prev_kv = true})->prev_kv->value, "old");
  const auto removed = kv_.remove(soon(), {.key = "k", .prev_kv = true});
  ASSERT_TRUE(removed) << why(removed);
  EXPECT_EQ(removed->deleted, 1);
  EXPECT_EQ(removed->prev_kvs.at(0).value, "new");
  EXPECT_EQ(kv_.remove(soon(), {.key = "k"})->deleted, 0);
}

TEST_F(KvTest, ReadsARangeInTheOrderAskedFor) {
  for (const char* key : {"p/b", "p/c", "p/a", "q"}) server_.put(key, "");
  server_.put("p/b", "again");
  using Keys = std::vector<std::string>;
  EXPECT_EQ(keys(RangeRequest::prefix("p/")), (Keys{"p/a", "p/b", "p/c"}));
  EXPECT_EQ(keys(RangeRequest::first_created("p/")), (Keys{"p/b"}));
  RangeRequest request = RangeRequest::prefix("p/");
  request.target = SortTarget::mod;
  request.order = SortOrder::descend;
  EXPECT_EQ(keys(request), (Keys{"p/b", "p/a", "p/c"}));
  EXPECT_EQ(keys(RangeRequest::prefix("")), (Keys{"p/a", "p/b", "p/c", "q"}));
}

TEST_F(KvTest, FindsTheYoungestKeyCreatedBeforeARevision) {
  server_.put("p/1", "");
  server_.put("p/2", "");
  const std::int64_t ours = server_.put("p/0", "");
  server_.put("p/3", "");
  EXPECT_EQ(keys(RangeRequest::last_created_before("p/", ours)), std::vector<std::string>{"p/2"});
}

TEST_F(KvTest, ReadsThePastAndCountsWhatTheLimitCutOff) {
  const std::int64_t past = server_.put("k", "old");
  server_.put("k", "new");
  server_.put("l", "");
  EXPECT_EQ(kv_.range(soon(), {.key = "k", .revision = past})->kvs.at(0).value, "old");
  RangeRequest request = RangeRequest::prefix("");
  request.limit = 1;
  const auto first = kv_.range(soon(), request);
  EXPECT_EQ(first->kvs.size(), 1U);
  EXPECT_TRUE(first->more);
  EXPECT_EQ(first->count, 2);
}

TEST_F(KvTest, NamesTheReasonWhenEtcdRefuses) {
  server_.put("k", "");
  server_.put("k", "");
  server_.compact(server_.revision());
  const auto old = kv_.range(soon(), {.key = "k", .revision = 1});
  EXPECT_EQ(old.error().code, Code::compacted) << why(old);
  const auto future = kv_.range(soon(), {.key = "k", .revision = 99});
  EXPECT_EQ(future.error().code, Code::bad_data) << why(future);
  EXPECT_NE(future.error().message.find("future revision"), std::string::npos) << why(future);
  const auto no_lease = kv_.put(soon(), {.key = "k", .lease = 4711});
  EXPECT_EQ(no_lease.error().code, Code::not_found) << why(no_lease);
}

TEST_F(KvTest, SaysWhichWriteMayHaveBeenDone) {
  server_.drop_reply("Put");
  EXPECT_TRUE(kv_.put(soon(), {.key = "k"}).error().uncertain);
  EXPECT_FALSE(kv_.put(soon(), {.key = "k", .lease = 4711}).error().uncertain);
  server_.stop();
  EXPECT_FALSE(
      kv_.put(Context::within(std::chrono::milliseconds{300}), {.key = "k"}).error().uncertain);
}

TEST_F(KvTest, CompactsUpToARevision) {
  server_.put("k", "1");
  const std::int64_t kept = server_.put("k", "2");
  const auto header = kv_.compact(soon(), kept, true);
  ASSERT_TRUE(header) << why(header);
  EXPECT_FALSE(kv_.range(soon(), {.key = "k", .revision = kept - 1}));
  EXPECT_TRUE(kv_.range(soon(), {.key = "k", .revision = kept}));
  EXPECT_EQ(kv_.compact(soon(), kept, true).error().code, Code::compacted);
}

}  // namespace
}  // namespace coord::etcd
