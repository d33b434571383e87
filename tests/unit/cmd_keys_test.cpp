// get, put and del against the fake server.
#include <gtest/gtest.h>

#include "cmd/commands/keys/del.hpp"
#include "cmd/commands/keys/get.hpp"
#include "cmd/commands/keys/put.hpp"
#include "cmd_captured_env.hpp"
#include "fake/fake_etcd.hpp"

namespace coord::commands {
namespace {

using cli::CapturedEnv;

class Keys : public testing::Test {
 protected:
  std::string get(const GetOptions& options, out::Format format = out::Format::simple) {
    CapturedEnv captured(etcd_.endpoint(), format);
    const auto status = run_get(options, captured.env());
    return status ? captured.output() : status.error().message;
  }

  fake::FakeEtcd etcd_;
};

TEST_F(Keys, GetPrintsAndAMissingKeyIsNoError) {
  etcd_.put("a", "1");
  EXPECT_EQ(get({.keys = {.first = "a"}}), "a\n1\n");
  EXPECT_EQ(get({.keys = {.first = "a"}, .keys_only = true}), "a\n\n");
  EXPECT_EQ(get({.keys = {.first = "a"}, .print_value_only = true}), "1\n");
  EXPECT_EQ(get({.keys = {.first = "b"}}), "");
}

TEST_F(Keys, MustExistSaysNo) {
  CapturedEnv captured(etcd_.endpoint());
  const auto status = run_get({.keys = {.first = "b"}, .must_exist = true}, captured.env());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::not_found);
  EXPECT_EQ(status.error().message, "get 'b': no such key");
  EXPECT_EQ(captured.output(), "");
}

TEST_F(Keys, CountOnlyInEveryFormat) {
  etcd_.put("a1", "");
  etcd_.put("a2", "");
  const GetOptions options{.keys = {.first = "a", .prefix = true}, .count_only = true};
  EXPECT_EQ(get(options), "2\n");
  EXPECT_NE(get(options, out::Format::json).find("\"count\":2}"), std::string::npos);
  EXPECT_NE(get(options, out::Format::fields).find("\"Count\" : 2\n"), std::string::npos);
}

TEST_F(Keys, BadWordsAreRefusedBeforeTheServerIsAsked) {
  EXPECT_EQ(get({.keys = {.first = "a"}, .print_value_only = true}, out::Format::json),
            "--print-value-only goes with -w simple only");
  EXPECT_EQ(get({.keys = {.first = "a"}, .keys_only = true, .count_only = true}),
            "--keys-only and --count-only exclude each other");
  EXPECT_EQ(get({.keys = {.first = "a"}, .order = "up"}),
            "--order: 'up' is none of ASCEND, DESCEND");
  EXPECT_EQ(etcd_.calls("Range"), 0);
}

TEST_F(Keys, ALargeRangeComesInPagesAndPrintsAsOne) {
  std::string expected;
  for (int i = 1000; i < 3500; ++i) {
    etcd_.put("k" + std::to_string(i), "");
    expected += "k" + std::to_string(i) + "\n\n";
  }
  const GetOptions all{.keys = {.first = "k", .prefix = true}};
  EXPECT_EQ(get(all), expected);
  EXPECT_GT(etcd_.calls("Range"), 1);
  const std::string json = get(all, out::Format::json);
  EXPECT_TRUE(json.ends_with("}],\"count\":2500}\n")) << json.substr(json.size() - 40);
  const std::string limited =
      get({.keys = {.first = "k", .prefix = true}, .limit = 1500}, out::Format::json);
  EXPECT_TRUE(limited.ends_with("}],\"more\":true,\"count\":2500}\n"))
      << limited.substr(limited.size() - 40);
}

TEST_F(Keys, PutTakesItsValueFromStdin) {
  CapturedEnv captured(etcd_.endpoint());
  captured.feed("one\ntwo\n");
  ASSERT_TRUE(run_put({.keys = {.first = "a"}}, captured.env()));
  EXPECT_EQ(captured.output(), "OK\n");
  EXPECT_EQ(etcd_.value("a"), "one\ntwo\n");
  EXPECT_EQ(captured.notes(), "");
}

TEST_F(Keys, PutWithoutAnyValueIsRefused) {
  CapturedEnv captured(etcd_.endpoint());
  const auto status = run_put({.keys = {.first = "a"}}, captured.env());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::usage);
  EXPECT_EQ(etcd_.calls("Put"), 0);
}

TEST_F(Keys, PutTakesKeysWithNulBytes) {
  CapturedEnv captured(etcd_.endpoint());
  ASSERT_TRUE(run_put({.keys = {.first = "v", .hex = "6100"}}, captured.env()));
  EXPECT_EQ(etcd_.value(std::string("a\0", 2)), "v");
}

TEST_F(Keys, PutShowsWhatWasThere) {
  etcd_.put("a", "old");
  CapturedEnv captured(etcd_.endpoint());
  ASSERT_TRUE(run_put({.keys = {.first = "a", .second = "new"}, .prev_kv = true}, captured.env()));
  EXPECT_EQ(captured.output(), "OK\na\nold\n");
}

TEST_F(Keys, PutRefusesWhatIsNoLease) {
  CapturedEnv captured(etcd_.endpoint());
  const auto status =
      run_put({.keys = {.first = "a", .second = "v"}, .lease = "zz"}, captured.env());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "'zz' is not a lease id");
}

TEST_F(Keys, DelCountsAndShowsWhatItDeleted) {
  etcd_.put("a1", "x");
  etcd_.put("a2", "y");
  CapturedEnv captured(etcd_.endpoint());
  ASSERT_TRUE(run_del({.keys = {.first = "a", .prefix = true}, .prev_kv = true}, captured.env()));
  EXPECT_EQ(captured.output(), "2\na1\nx\na2\ny\n");
  EXPECT_TRUE(etcd_.keys().empty());
}

TEST_F(Keys, AnErrorNamesItsObject) {
  etcd_.refuse("Put", 7, "etcdserver: permission denied");
  CapturedEnv captured(etcd_.endpoint());
  const auto status = run_put({.keys = {.first = "a", .second = "v"}}, captured.env());
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, Code::denied);
  EXPECT_EQ(status.error().message, "put 'a': etcdserver: permission denied");
}

}  // namespace
}  // namespace coord::commands
