#include <map>

#include "coord/recipe/census.hpp"
#include "coord/recipe/holder_info.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

constexpr std::int64_t kLease = 0x1a2b;
const std::string kNanos = "1785000000000000000";
const std::string kHolder = HolderInfo{.host = "h", .pid = 1}.to_json();

// A store in memory, counted as etcd would show it.
class CensusTest : public ::testing::Test {
 protected:
  void put(const std::string& key, std::int64_t lease = 0, const std::string& value = "") {
    store_[key] = {key, value, ++revision_, revision_, 1, lease};
  }
  // In the lease's own name.
  void contend(const std::string& name, std::int64_t lease, const std::string& value = "") {
    put(layout::lock_key(name, lease), lease, value);
  }
  Census count() {
    Count count;
    for (const auto& [key, kv] : store_) {
      count.show(kv);
      answer(count);
    }
    count.end();
    answer(count);
    return count.census();
  }

 private:
  void answer(Count& count) {
    for (const auto& question : count.take_questions())
      count.answer(question, store_.at(question.key).value,
                   store_.contains(layout::holder_key(question.key)));
  }

  std::map<std::string, etcd::KeyValue> store_;
  std::int64_t revision_ = 0;
};

void expect(const Tally& tally, std::int64_t names, std::int64_t keys) {
  EXPECT_EQ(tally.names, names);
  EXPECT_EQ(tally.keys, keys);
}

TEST_F(CensusTest, LocksAreCountedByNameAndByKey) {
  contend("a", 0x1, kHolder);
  contend("a", 0x2, kHolder);
  contend("b", 0x1);  // a Go program's
  expect(count().locks, 2, 3);
}

TEST_F(CensusTest, NamesThatNestAreToldApart) {
  contend("a", 0x1, kHolder);
  contend("a/1", 0x5, kHolder);  // between the two keys of a
  contend("a", 0x2, kHolder);
  contend("a/1/b", 0x6, kHolder);
  contend("a-b", 0x7, kHolder);
  expect(count().locks, 4, 5);
}

TEST_F(CensusTest, AKeyOfThatShapeWithoutItsLeaseIsNoLock) {
  put("a/1f", 0);
  put("a/2f", 0x1f);
  const Census census = count();
  expect(census.locks, 0, 0);
  EXPECT_EQ(census.keys, 2);
}

TEST_F(CensusTest, TheOldestKeyTellsWhatALineIsFor) {
  contend("s", 0x9, HolderInfo{.host = "h", .pid = 1, .slots = 3, .weight = 1}.to_json());
  contend("s", 0x1, kHolder);
  contend("e", 0x1, "10.0.0.1:80");
  contend("f", 0x2, "");
  put(layout::holder_key("f/2"), 0x2, kHolder);  // a candidate that stands for nothing
  const Census census = count();
  expect(census.semaphores, 1, 2);
  expect(census.elections, 2, 2);
  expect(census.locks, 0, 0);
}

TEST_F(CensusTest, RwlocksAndDoubleBarriersHangOnLeases) {
  put("x/read/" + kNanos, kLease);
  put("x/write/" + kNanos, kLease);
  put("y/read/" + kNanos, 0);
  put("m/waiters/" + kNanos, kLease);
  put("m/ready", 0);
  const Census census = count();
  expect(census.rwlocks, 1, 2);
  expect(census.double_barriers, 1, 1);
}

TEST_F(CensusTest, QueuesAreThoseWithItemsThatWait) {
  put("q/" + kNanos, 0);                  // Go's
  put("q/" + kNanos + "123456000", 0);    // ours
  put("q/" + kNanos + "123456001.2", 0);  // failed twice
  put("q.dead/" + kNanos + "123456002", 0);
  put("p/00007/0000000000000003", 0);
  put("__p/00007", 0);
  put("__q/claims/1a2b/" + kNanos + "123456003", 0);
  put("__q/alive/1a2b", kLease);
  const Census census = count();
  expect(census.queues, 2, 4);
  EXPECT_EQ(census.dead_items, 1);
  EXPECT_EQ(census.claimed_items, 1);
  expect(census.locks, 0, 0);
}

TEST_F(CensusTest, NumbersThatNoQueueWritesAreNoItems) {
  for (const char* key : {"orders/17", "orders/12345/17", "17", "orders/1785000000000000000x"})
    put(key, 0);
  expect(count().queues, 0, 0);
}

TEST_F(CensusTest, InstancesAreLeasedAddresses) {
  put("web/10.0.0.1:80", kLease);
  put("web/[::1]:80", kLease);
  put("db/primary:5432", kLease);
  put("db/primary:port", kLease);
  put("cache/10.0.0.1:80", 0);
  expect(count().services, 2, 3);
}

TEST_F(CensusTest, SessionsAndBarriersThatTheyHold) {
  put("__coord/sessions/1a2b", kLease, kHolder);
  // Of a namespace, seen from outside of it.
  put("ns/__coord/holders/web/1a2b/info", kLease, kHolder);
  put("ns/__coord/sessions/1a2b", kLease, kHolder);
  put("gate", kLease, kHolder);
  put("mine", kLease, "anything");
  put("open", 0, kHolder);
  const Census census = count();
  EXPECT_EQ(census.sessions, 2);
  expect(census.locks, 0, 0);
  EXPECT_EQ(census.leased_barriers, 1);
  EXPECT_EQ(census.keys, 6);
}

TEST(TakeCensus, ReadsManyPagesOfOneState) {
  fake::FakeEtcd server;
  const auto client = fake::client_of({server.endpoint()});
  for (int i = 0; i < 2500; ++i) server.put("q/17850000000000" + std::to_string(10000 + i), "");
  const auto census = take_census(*client, soon(), 10s);
  ASSERT_TRUE(census) << why(census);
  expect(census->queues, 1, 2500);
  EXPECT_EQ(census->keys, 2500);
}

}  // namespace
}  // namespace coord::recipe
