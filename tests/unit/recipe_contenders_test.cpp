#include "coord/recipe/contenders.hpp"
#include "recipe_support.hpp"

namespace coord::recipe {
namespace {

class ContendersTest : public LockTest {
 protected:
  void contender(const std::string& key, Share share = {0, 0}) {
    server_.put(
        key,
        HolderInfo{.host = "h", .pid = 1, .slots = share.slots, .weight = share.weight}.to_json());
  }
  void rwlock(layout::Access access) { server_.put(layout::rwlock_key("x", access, ++nanos_), ""); }

  // Of x, in their order: h holds, w waits.
  std::string holders() {
    const auto line = contenders_of(one_.client(), soon(), "x", false);
    EXPECT_TRUE(line) << why(line);
    std::string found;
    for (const Contender& one : *line) found += one.holds ? 'h' : 'w';
    return found;
  }

  Attempt one_{server_};
  std::int64_t nanos_ = 1'785'000'000'000'000'000;
};

TEST_F(ContendersTest, NobodyHoldsWhatIsFree) { EXPECT_EQ(holders(), ""); }

TEST_F(ContendersTest, TheFirstHoldsALock) {
  for (const char* key : {"x/9", "x/1", "x/5"}) contender(key);
  EXPECT_EQ(holders(), "hww");
}

TEST_F(ContendersTest, ReadersHoldUntilTheFirstWriter) {
  rwlock(layout::Access::read);
  rwlock(layout::Access::read);
  rwlock(layout::Access::write);
  rwlock(layout::Access::read);
  EXPECT_EQ(holders(), "hhww");
}

TEST_F(ContendersTest, AWriterHoldsAlone) {
  rwlock(layout::Access::write);
  rwlock(layout::Access::read);
  EXPECT_EQ(holders(), "hw");
}

TEST_F(ContendersTest, ReadersWaitForALock) {
  contender("x/1");
  rwlock(layout::Access::read);
  EXPECT_EQ(holders(), "hw");
}

TEST_F(ContendersTest, AsManyHoldASemaphoreAsFit) {
  contender("x/1", {4, 1});
  contender("x/2", {4, 2});
  contender("x/3", {4, 2});
  contender("x/4", {4, 1});
  EXPECT_EQ(holders(), "hhww");
}

TEST_F(ContendersTest, ALockHoldsNothingBesideASemaphoresHolder) {
  contender("x/1", {4, 1});
  contender("x/2");
  contender("x/3", {4, 1});
  EXPECT_EQ(holders(), "hww");
}

TEST_F(ContendersTest, HeldNamesHasRwLocksToo) {
  const auto session = one_.lease();
  server_.put(layout::lock_key("a", session), "", session);
  server_.put(layout::rwlock_key("b", layout::Access::read, nanos_), "", session);
  server_.put(layout::rwlock_key("b", layout::Access::write, nanos_), "", session);
  server_.put(layout::rwlock_key("queue", layout::Access::read, nanos_), "no lease");
  server_.put("other/1", "", session);
  const auto names = held_names(one_.client(), soon());
  ASSERT_TRUE(names) << why(names);
  EXPECT_EQ(*names, (std::vector<std::string>{"a", "b"}));
}

}  // namespace
}  // namespace coord::recipe
