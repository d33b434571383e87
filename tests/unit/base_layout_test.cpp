// Golden: these keys are shared with Go programs, and change only when etcd's own do.
#include <gtest/gtest.h>

#include "coord/base/layout.hpp"
#include "coord/base/layout_shapes.hpp"

namespace coord::layout {
namespace {

TEST(LeaseHex, IsGosFormat) {
  EXPECT_EQ(lease_hex(255), "ff");
  EXPECT_EQ(lease_hex(7751717490144512617), "6b93a1fca73f0a69");
  EXPECT_EQ(lease_hex(0x674a1fcc2465e31), "674a1fcc2465e31");  // 15 digits: never padded
  EXPECT_EQ(lease_hex(-5), "-5");
}

TEST(ParseLease, ReadsKeysAndEtcdctlsPaddedText) {
  EXPECT_EQ(parse_lease("ff"), 255);
  EXPECT_EQ(parse_lease("00000000000000ff"), 255);
  EXPECT_EQ(parse_lease("6B93A1FCA73F0A69"), 7751717490144512617);
}

TEST(ParseLease, RefusesWhatIsNoLease) {
  for (const char* text : {"", "0x1f", "g", "1 ", " 1", "12345678901234567", "+1"}) {
    EXPECT_FALSE(parse_lease(text)) << text;
  }
}

TEST(LockKey, IsNameSlashLease) {
  EXPECT_EQ(lock_prefix("backup"), "backup/");
  EXPECT_EQ(lock_key("backup", 255), "backup/ff");
  EXPECT_EQ(lock_key("jobs/nightly", 7751717490144512617), "jobs/nightly/6b93a1fca73f0a69");
}

TEST(HolderKey, StandsOutsideOfTheElectionAndLooksLikeNoLock) {
  EXPECT_EQ(holder_key("web/ff"), "__coord/holders/web/ff/info");
  EXPECT_EQ(holder_prefix("web"), "__coord/holders/web/");
  EXPECT_FALSE(parse_lock_key(holder_key("web/ff")));
}

TEST(ParseLockKey, BringsBackNameAndLease) {
  const auto key = parse_lock_key("jobs/nightly/6b93a1fca73f0a69");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->name, "jobs/nightly");
  EXPECT_EQ(key->lease, 7751717490144512617);
}

TEST(ParseLockKey, RefusesKeysThatNoLockMakes) {
  for (const char* key : {"backup", "backup/", "backup/0ff", "backup/FF", "backup/xyz", "backup/-5",
                          "backup/0", "backup/ff ", "", "backup/12345678901234567"}) {
    EXPECT_FALSE(parse_lock_key(key)) << key;
  }
}

TEST(RwLockKey, IsNameAccessUnixNano) {
  EXPECT_EQ(rwlock_prefix("x", Access::read), "x/read/");
  EXPECT_EQ(rwlock_key("x", Access::read, 1785000000123456789), "x/read/1785000000123456789");
  EXPECT_EQ(rwlock_key("a/b", Access::write, 1785000000123456789), "a/b/write/1785000000123456789");
}

TEST(ParseRwLockKey, BringsBackItsParts) {
  const auto key = parse_rwlock_key("read/write/1785000000123456789");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->name, "read");
  EXPECT_EQ(key->access, Access::write);
  EXPECT_EQ(key->unix_nano, 1785000000123456789);
  EXPECT_EQ(parse_rwlock_key("/read/1785000000123456789")->name, "");
}

TEST(ParseRwLockKey, RefusesKeysThatNoRwLockMakes) {
  for (const char* key :
       {"", "x/read/", "x/read", "read/1785000000123456789", "x/reads/1785000000123456789",
        "x/write/6b93a1fca73f0a69", "x/write/178500000012345678", "x/write/0785000000123456789",
        "x/write/-785000000123456789", "x/read/17850000001234567890", "x/read/1785000000123456789/",
        "1785000000123456789"}) {
    EXPECT_FALSE(parse_rwlock_key(key)) << key;
    EXPECT_FALSE(parse_lock_key(key) && parse_rwlock_key(key)) << key;
  }
}

TEST(DoubleBarrierKeys, AreThoseOfGosRecipe) {
  EXPECT_EQ(waiter_prefix("build/42"), "build/42/waiters/");
  EXPECT_EQ(waiter_key("build/42", 1763728296000000001), "build/42/waiters/1763728296000000001");
  EXPECT_EQ(ready_key("build/42"), "build/42/ready");
  EXPECT_EQ(parse_waiter_key("build/42/waiters/1763728296000000001"), "build/42");
  EXPECT_EQ(parse_ready_key("build/42/ready"), "build/42");
  for (const char* key : {"", "/waiters/1763728296000000001", "build/waiters/17", "build/ready"})
    EXPECT_FALSE(parse_waiter_key(key)) << key;
  for (const char* key : {"", "/ready", "ready", "build/ready/", "build/already"})
    EXPECT_FALSE(parse_ready_key(key)) << key;
}

TEST(Shapes, TellDigitsTimesAndAddresses) {
  EXPECT_TRUE(is_digits("0"));
  for (const char* text : {"", "-1", "1 ", "1.5", "a"}) EXPECT_FALSE(is_digits(text)) << text;
  EXPECT_TRUE(is_unix_nano("1763728296000000001"));
  EXPECT_FALSE(is_unix_nano("176372829600000000"));
  EXPECT_FALSE(is_unix_nano("-763728296000000001"));
  for (const char* text : {"h:1", "10.0.0.1:80", "[::1]:65535"})
    EXPECT_TRUE(is_address(text)) << text;
  for (const char* text : {"", ":80", "h:", "h", "h:123456", "h:8o"})
    EXPECT_FALSE(is_address(text)) << text;
}

}  // namespace
}  // namespace coord::layout
