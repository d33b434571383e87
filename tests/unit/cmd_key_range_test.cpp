#include <gtest/gtest.h>

#include <fstream>

#include "cmd/commands/keys/range_query.hpp"
#include "cmd/commands/shared/key_range.hpp"

namespace coord::commands {
namespace {

std::string shown(const Result<KeyRange>& range) {
  return range ? range->key + "|" + range->range_end : range.error().message;
}

TEST(KeyRange, OneKeyOrTwoEnds) {
  EXPECT_EQ(shown(resolve_range({.first = "a"})), "a|");
  EXPECT_EQ(shown(resolve_range({.first = "a", .second = "c"})), "a|c");
  EXPECT_EQ(shown(resolve_range({})), "KEY is missing");
}

TEST(KeyRange, PrefixAndFromKey) {
  const std::string nul(1, '\0');
  EXPECT_EQ(shown(resolve_range({.first = "ab", .prefix = true})), "ab|ac");
  EXPECT_EQ(shown(resolve_range({.first = "a\xff", .prefix = true})), "a\xff|b");
  EXPECT_EQ(shown(resolve_range({.first = "", .prefix = true})), nul + "|" + nul);
  EXPECT_EQ(shown(resolve_range({.first = "ab", .from_key = true})), "ab|" + nul);
  EXPECT_EQ(shown(resolve_range({.first = "", .from_key = true})), nul + "|" + nul);
  EXPECT_EQ(shown(resolve_range({.first = "a", .prefix = true, .from_key = true})),
            "--prefix and --from-key exclude each other");
  EXPECT_EQ(shown(resolve_range({.first = "a", .second = "b", .prefix = true})),
            "no RANGE_END beside --prefix");
}

TEST(KeyRange, KeysWithNulBytesMoveTheOperandsUp) {
  EXPECT_EQ(shown(resolve_range({.hex = "6100"})), std::string("a\0|", 3));
  EXPECT_EQ(shown(resolve_range({.first = "c", .hex = "61"})), "a|c");
  EXPECT_EQ(shown(resolve_range({.first = "c", .second = "d", .hex = "61"})),
            "one word too many: 'd'");
  EXPECT_EQ(shown(resolve_range({.hex = "6"})), "--key-hex: '6' is not hex");
  EXPECT_EQ(shown(resolve_range({.file = "/nonexistent"})),
            "cannot read a key from '/nonexistent': No such file or directory");
  EXPECT_EQ(shown(resolve_range({.file = "/"})), "cannot read a key from '/': Is a directory");
  EXPECT_EQ(shown(resolve_range({.file = "a", .hex = "61"})),
            "--key-file and --key-hex exclude each other");
}

TEST(KeyRange, AKeyFileIsTakenWhole) {
  const std::string path = testing::TempDir() + "coord-key-file";
  std::ofstream(path, std::ios::binary) << std::string("a\0b\n", 4);
  EXPECT_EQ(shown(resolve_range({.file = path})), std::string("a\0b\n|", 5));
  std::ofstream(path, std::ios::trunc).flush();
  EXPECT_EQ(shown(resolve_range({.file = path})), "|");
}

TEST(KeyRange, IsNamedInMessages) {
  EXPECT_EQ(describe({}, {"a\n", ""}), "'a\\n'");
  EXPECT_EQ(describe({}, {"a", "b"}), "keys from 'a' to 'b'");
  EXPECT_EQ(describe({.prefix = true}, {"a", "b"}), "keys with prefix 'a'");
  EXPECT_EQ(describe({.from_key = true}, {"a", ""}), "keys from 'a'");
}

GetOptions words(const std::function<void(GetOptions&)>& change) {
  GetOptions options;
  options.keys.first = "k";
  change(options);
  return options;
}

TEST(RangeQuery, OrderAndTargetInAnyCase) {
  const auto request =
      range_query(words([](auto& o) { o.order = "descend", o.sort_by = "Modify"; }));
  ASSERT_TRUE(request);
  EXPECT_EQ(request->order, etcd::SortOrder::descend);
  EXPECT_EQ(request->target, etcd::SortTarget::mod);
  EXPECT_EQ(range_query(words([](auto& o) { o.sort_by = "VERSION"; }))->order,
            etcd::SortOrder::ascend);
  EXPECT_EQ(range_query(words([](auto&) {}))->order, etcd::SortOrder::none);
}

TEST(RangeQuery, RefusesWhatEtcdHasNoWordFor) {
  const auto message = [](const std::function<void(GetOptions&)>& change) {
    const auto request = range_query(words(change));
    return request ? "fine" : request.error().message;
  };
  EXPECT_EQ(message([](auto& o) { o.order = "up"; }), "--order: 'up' is none of ASCEND, DESCEND");
  EXPECT_EQ(message([](auto& o) { o.sort_by = "size"; }),
            "--sort-by: 'size' is none of KEY, CREATE, MODIFY, VALUE, VERSION");
  EXPECT_EQ(message([](auto& o) { o.consistency = "x"; }), "--consistency: 'x' is none of l, s");
  EXPECT_EQ(message([](auto& o) { o.min_mod_revision = 5, o.max_mod_revision = 3; }),
            "--min-mod-rev 5 is more than --max-mod-rev 3");
}

TEST(RangeQuery, NegativeNumbersCountAsUnset) {
  const auto request = range_query(words([](auto& o) { o.limit = -1, o.revision = -5; }));
  EXPECT_EQ(request->limit, 0);
  EXPECT_EQ(request->revision, 0);
}

TEST(RangeQuery, PagesOnlyARangeInKeyOrderThatTheServerDoesNotFilter) {
  const auto pages = [](const std::function<void(GetOptions&)>& change) {
    return can_page(*range_query(words([&](auto& o) {
      o.keys.prefix = true;
      change(o);
    })));
  };
  EXPECT_TRUE(pages([](auto&) {}));
  EXPECT_TRUE(pages([](auto& o) { o.limit = 5, o.keys_only = true; }));
  EXPECT_TRUE(pages([](auto& o) { o.sort_by = "key"; }));
  EXPECT_FALSE(pages([](auto& o) { o.order = "descend"; }));
  EXPECT_FALSE(pages([](auto& o) { o.sort_by = "value"; }));
  EXPECT_FALSE(pages([](auto& o) { o.count_only = true; }));
  EXPECT_FALSE(pages([](auto& o) { o.max_create_revision = 5; }));
  EXPECT_FALSE(pages([](auto& o) { o.keys.prefix = false; }));
}

}  // namespace
}  // namespace coord::commands
