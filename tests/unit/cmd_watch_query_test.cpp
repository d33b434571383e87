// From the words of `watch`, and the environment, to what the server is asked.
#include <gtest/gtest.h>

#include "cmd/commands/keys/watch.hpp"

namespace coord::commands {
namespace {

std::string asked(const WatchOptions& options, const WatchVariables& variables = {}) {
  const auto request = watch_query(options, variables);
  return request ? request->key + "|" + request->range_end : request.error().message;
}

TEST(WatchQuery, TakesWhatGetTakes) {
  EXPECT_EQ(asked({.keys = {.first = "a"}}), "a|");
  EXPECT_EQ(asked({.keys = {.first = "a", .second = "c"}}), "a|c");
  EXPECT_EQ(asked({.keys = {.first = "a", .prefix = true}}), "a|b");
  EXPECT_EQ(asked({.keys = {.hex = "61"}}), "a|");
  EXPECT_EQ(asked({.keys = {.first = "a", .second = "c", .prefix = true}}),
            "no RANGE_END beside --prefix");
}

TEST(WatchQuery, VariablesCountWhereThereIsNoKey) {
  EXPECT_EQ(asked({}, {.key = "a", .range_end = "c"}), "a|c");
  EXPECT_EQ(asked({.keys = {.prefix = true}}, {.key = "a"}), "a|b");
  EXPECT_EQ(asked({.keys = {.first = "x"}}, {.key = "a", .range_end = "c"}), "x|");
  EXPECT_EQ(asked({.keys = {.hex = "78"}}, {.key = "a"}), "x|");
  EXPECT_EQ(asked({}), "KEY is missing");
  EXPECT_EQ(asked({}, {.range_end = "c"}), "KEY is missing: ETCDCTL_WATCH_RANGE_END stands alone");
}

TEST(WatchQuery, TheRestGoesToTheServer) {
  const auto request = watch_query(
      {.keys = {.first = "a"}, .revision = 7, .prev_kv = true, .progress_notify = true}, {});
  ASSERT_TRUE(request);
  EXPECT_EQ(request->start_revision, 7);
  EXPECT_TRUE(request->prev_kv);
  EXPECT_TRUE(request->progress_notify);
  EXPECT_EQ(watch_query({.keys = {.first = "a"}, .revision = -7}, {})->start_revision, 0);
}

}  // namespace
}  // namespace coord::commands
