// Names of locks of which one lies under the other.
#include <algorithm>

#include "coord/recipe/nesting.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

class NestingTest : public LockTest {
 protected:
  void in_use(const std::string& name, std::int64_t lease) {
    if (std::ranges::find(leases_, lease) == leases_.end()) {
      ASSERT_TRUE(etcd::Lease(*client_).grant(soon(), 60s, lease));
    }
    leases_.push_back(lease);
    server_.put(layout::lock_key(name, lease), "", lease);
  }
  // "OUTER INNER", or nothing.
  std::string nesting(const std::vector<std::string>& names) {
    const auto found = nesting_of(*client_, soon(), names, kOwn);
    if (!found) return why(found);
    return *found ? (*found)->outer + " " + (*found)->inner : "";
  }

  static constexpr std::int64_t kOwn = 0xabc;
  static constexpr std::int64_t kOther = 0xdef;
  std::unique_ptr<etcd::Client> client_ = fake::client_of(server_);
  std::vector<std::int64_t> leases_;
};

TEST_F(NestingTest, ALockUnderOurs) {
  in_use("a", kOwn);
  EXPECT_EQ(nesting({"a"}), "");
  in_use("a/b/c", kOther);
  EXPECT_EQ(nesting({"a"}), "a a/b/c");
}

TEST_F(NestingTest, ALockOverOurs) {
  in_use("a", kOther);
  in_use("a/b/c", kOwn);
  EXPECT_EQ(nesting({"a/b/c"}), "a a/b/c");
  EXPECT_EQ(nesting({"z", "a/b/c"}), "a a/b/c");
}

TEST_F(NestingTest, OursAloneAreNotWorthAWord) {
  in_use("a", kOwn);
  in_use("a/b", kOwn);
  EXPECT_EQ(nesting({"a", "a/b"}), "");
}

TEST_F(NestingTest, OthersInOurLineDoNotNest) {
  in_use("a", kOwn);
  in_use("a", kOther);
  EXPECT_EQ(nesting({"a"}), "");
}

TEST_F(NestingTest, NeighborsDoNotNest) {
  in_use("a/b", kOwn);
  in_use("a/c", kOther);
  in_use("a/bb", kOther);
  EXPECT_EQ(nesting({"a/b"}), "");
}

TEST_F(NestingTest, KeysThatAreNoLocksDoNotCount) {
  server_.put("a/b/" + layout::lease_hex(kOther), "of no lease");
  server_.put("a/b/c", "");
  EXPECT_EQ(nesting({"a"}), "");
}

TEST_F(NestingTest, OddNames) {
  in_use("/a", kOther);
  EXPECT_EQ(nesting({"/a/b"}), "/a /a/b");
  EXPECT_EQ(nesting({"/"}), "");
  EXPECT_EQ(nesting({"/a/"}), "/a /a/");
  EXPECT_EQ(nesting({std::string(300, '/')}), "");
}

TEST_F(NestingTest, IsOneReadHoweverManyNames) {
  const int before = server_.calls("Txn") + server_.calls("Range");
  EXPECT_EQ(nesting({"a/b/c/d", "e/f/g", "h"}), "");
  EXPECT_EQ(server_.calls("Txn") + server_.calls("Range"), before + 1);
}

}  // namespace
}  // namespace coord::recipe
