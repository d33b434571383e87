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
            "Error: etcdserver: key is not provided\n");
  const Error watch{Code::compacted, "watch 'k': watch was canceled (etcdserver: mvcc: gone)", ""};
  EXPECT_EQ(personality_of("etcdctl").error_text(watch, false), "Error: etcdserver: mvcc: gone\n");
  EXPECT_EQ(personality_of("etcdctl").error_text({Code::usage, "get: KEY is missing", "x"}, false),
            "Error: get: KEY is missing\n");
}

TEST(Personality, OfEtcdctlHasItsExitStatuses) {
  const auto status = personality_of("etcdctl").exit_status;
  EXPECT_EQ(status(Code::unavailable, Stage::run), 1);
  EXPECT_EQ(status(Code::denied, Stage::run), 1);
  EXPECT_EQ(status(Code::usage, Stage::words), 1);
  EXPECT_EQ(status(Code::usage, Stage::values), 128);
  EXPECT_EQ(status(Code::usage, Stage::run), 128);
  EXPECT_EQ(status(Code::config, Stage::values), 128);
  EXPECT_EQ(status(Code::usage, Stage::format), 4);
  EXPECT_EQ(personality_of("coord").exit_status(Code::usage, Stage::format), 64);
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
