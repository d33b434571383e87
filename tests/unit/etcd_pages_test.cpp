#include <gtest/gtest.h>

#include "coord/etcd/kv.hpp"
#include "fake/client_of.hpp"

namespace coord::etcd {
namespace {

using fake::soon;
using fake::why;

class PagesTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* key : {"p/1", "p/2", "p/3", "p/4", "p/5"}) server_.put(key, "old");
  }

  // The keys that come, and in how many pages.
  std::pair<std::vector<std::string>, int> read_all(RangePages& pages) {
    std::vector<std::string> keys;
    for (int count = 0;; ++count) {
      auto page = pages.next(soon());
      if (!page) throw std::runtime_error(why(page));
      if (!*page) return {keys, count};
      const auto found = fake::keys_of(**page);
      keys.insert(keys.end(), found.begin(), found.end());
    }
  }

  fake::FakeEtcd server_;
  std::unique_ptr<Client> client_ = fake::client_of(server_);
};

TEST_F(PagesTest, BringEveryKeyOnce) {
  const std::vector<std::string> all{"p/1", "p/2", "p/3", "p/4", "p/5"};
  for (const int size : {1, 2, 3, 4, 5, 6, 1000}) {
    RangePages pages(*client_, RangeRequest::prefix("p/"), size);
    const auto [keys, count] = read_all(pages);
    EXPECT_EQ(keys, all) << "pages of " << size;
    EXPECT_EQ(count, size >= 5 ? 1 : (5 + size - 1) / size) << "pages of " << size;
  }
}

TEST_F(PagesTest, ShowOneStateOfTheStore) {
  RangePages pages(*client_, RangeRequest::prefix("p/"), 2);
  const auto first = pages.next(soon());
  ASSERT_TRUE(first && *first) << why(first);
  server_.put("p/3", "new");
  server_.put("p/6", "new");
  server_.remove("p/4");
  std::string rest;
  for (auto page = pages.next(soon()); page && *page; page = pages.next(soon())) {
    EXPECT_EQ((*page)->count, 5);
    for (const KeyValue& kv : (*page)->kvs) rest += kv.key + '=' + kv.value + ' ';
  }
  EXPECT_EQ(rest, "p/3=old p/4=old p/5=old ");
}

TEST_F(PagesTest, StopAtTheCallersLimit) {
  for (const int limit : {1, 2, 3, 4}) {
    RangeRequest request = RangeRequest::prefix("p/");
    request.limit = limit;
    RangePages pages(*client_, request, 2);
    EXPECT_EQ(read_all(pages).first.size(), static_cast<std::size_t>(limit));
  }
}

TEST_F(PagesTest, EndWithAnEmptyPageWhereThereIsNothing) {
  RangePages pages(*client_, RangeRequest::prefix("q/"), 2);
  const auto page = pages.next(soon());
  ASSERT_TRUE(page && *page) << why(page);
  EXPECT_TRUE((*page)->kvs.empty());
  EXPECT_FALSE(pages.next(soon()).value());
}

TEST_F(PagesTest, FailWhenTheirRevisionIsCompactedAway) {
  RangePages pages(*client_, RangeRequest::prefix("p/"), 2);
  ASSERT_TRUE(pages.next(soon()));
  server_.put("p/1", "new");
  server_.compact(server_.revision());
  const auto page = pages.next(soon());
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().code, Code::compacted) << why(page);
}

}  // namespace
}  // namespace coord::etcd
