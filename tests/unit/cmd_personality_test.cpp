#include <gtest/gtest.h>

#include "cmd/cli/personality.hpp"
#include "cmd/cli/tree.hpp"
#include "cmd_tree.hpp"

namespace coord::cli {
namespace {

TEST(Personality, IsChosenByTheNameThatTheProgramWasCalledBy) {
  EXPECT_EQ(personality_of("etcdctl").name, "etcdctl");
  EXPECT_EQ(personality_of("/usr/local/bin/etcdctl").name, "etcdctl");
  EXPECT_EQ(personality_of("./coord").name, "coord");
  EXPECT_EQ(personality_of("etcdctl2").name, "coord");
  EXPECT_EQ(personality_of("").name, "coord");
}

TEST(Personality, OfEtcdctlGivesTheServersWordsAlone) {
  const Error error{Code::bad_data, "put '': etcdserver: key is not provided", "a key has a byte"};
  EXPECT_EQ(personality_of("etcdctl").error_text(error, true),
            "Error: etcdserver: key is not provided");
  const Error watch{Code::compacted, "watch 'k': watch was canceled (etcdserver: mvcc: gone)", ""};
  EXPECT_EQ(personality_of("etcdctl").error_text(watch, false), "Error: etcdserver: mvcc: gone");
  EXPECT_EQ(personality_of("etcdctl").error_text({Code::usage, "get: KEY is missing", "x"}, false),
            "Error: get: KEY is missing");
}

TEST(Personality, OfEtcdctlHasItsExitStatuses) {
  const auto status = [](Code code, Stage stage, const char* words = "", const char* command = "") {
    return personality_of("etcdctl").exit_status({{code, words, ""}, stage, command});
  };
  EXPECT_EQ(status(Code::unavailable, Stage::run), 1);
  EXPECT_EQ(status(Code::denied, Stage::run), 1);
  EXPECT_EQ(status(Code::usage, Stage::words, "unknown command 'x'"), 1);
  EXPECT_EQ(status(Code::usage, Stage::words, "del: one word too many: 'c'"), 128);
  EXPECT_EQ(status(Code::usage, Stage::words, "get: KEY is missing"), 128);
  EXPECT_EQ(status(Code::usage, Stage::words, "--limit: 'x' is not a number"), 1);
  EXPECT_EQ(status(Code::usage, Stage::run, "--prefix and --from-key"), 128);
  EXPECT_EQ(status(Code::usage, Stage::run, "--order: 'x' is none of ASCEND, DESCEND"), 4);
  EXPECT_EQ(status(Code::usage, Stage::run, "PERMISSION: 'x' is none of read"), 128);
  EXPECT_EQ(status(Code::config, Stage::run, "cannot read /x"), 128);
  EXPECT_EQ(status(Code::usage, Stage::format), 4);
  EXPECT_EQ(status(Code::denied, Stage::run,
                   "get 'k': etcdserver: authentication failed, invalid user ID or password"),
            2);
  EXPECT_EQ(status(Code::bad_data, Stage::run, "txn: line 1", "txn"), 3);
  EXPECT_EQ(status(Code::bad_data, Stage::run, "txn: etcdserver: duplicate key", "txn"), 1);
  EXPECT_EQ(status(Code::compacted, Stage::run, "watch was canceled", "watch"), 5);
  EXPECT_EQ(status(Code::not_found, Stage::run, "etcdserver: lease", "lease keep-alive"), 2);
  EXPECT_EQ(status(Code::os, Stage::run, "no such folder", "snapshot save"), 5);
  EXPECT_EQ(personality_of("coord").exit_status({{Code::usage, "", ""}, Stage::format, ""}), 64);
}

TEST(Personality, OfEtcdctlHasOneStatusForMembersThatFail) {
  EXPECT_EQ(personality_of("etcdctl").result("endpoint health", 69), 1);
  EXPECT_EQ(personality_of("etcdctl").result("endpoint health", 0), 0);
  EXPECT_EQ(personality_of("etcdctl").result("defrag", 77), 1);
  EXPECT_EQ(personality_of("etcdctl").result("lock", 7), 7);
  EXPECT_EQ(personality_of("coord").result("defrag", 77), 77);
}

TEST(Personality, OfEtcdctlTakesABeginningOfItsOwnCommands) {
  const WholeTree tree;
  const auto names = personality_of("etcdctl").abbreviated;
  const auto name_of = [&](const std::string& word) {
    const CLI::App* found = find_command(tree.root, word, names);
    return found == nullptr ? "" : found->get_name();
  };
  EXPECT_EQ(name_of("ge"), "get");
  EXPECT_EQ(name_of("pu"), "put");  // whatever else of coord's begins with it
  EXPECT_EQ(name_of("lease"), "lease");
  EXPECT_EQ(name_of("l"), "");     // lease or lock
  EXPECT_EQ(name_of("sess"), "");  // not one of etcdctl's
  EXPECT_EQ(name_of("session"), "session");
  EXPECT_EQ(name_of(""), "");
  EXPECT_EQ(find_command(tree.root, "ge"), nullptr);
  const CLI::App& lease = *find_command(tree.root, "lease");
  EXPECT_EQ(find_command(lease, "gr", names)->get_name(), "grant");
  EXPECT_EQ(find_command(lease, "x", names), nullptr);
}

}  // namespace
}  // namespace coord::cli
