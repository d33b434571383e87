#include <gtest/gtest.h>

#include "cmd/cli/exit_code.hpp"

namespace coord::cli {
namespace {

TEST(ExitCode, IsTheTableOfTheManual) {
  EXPECT_EQ(exit_code(Code::busy), 1);
  EXPECT_EQ(exit_code(Code::not_found), 1);
  EXPECT_EQ(exit_code(Code::compare_failed), 1);
  EXPECT_EQ(exit_code(Code::usage), 64);
  EXPECT_EQ(exit_code(Code::bad_data), 65);
  EXPECT_EQ(exit_code(Code::compacted), 65);
  EXPECT_EQ(exit_code(Code::unavailable), 69);
  EXPECT_EQ(exit_code(Code::internal), 70);
  EXPECT_EQ(exit_code(Code::os), 71);
  EXPECT_EQ(exit_code(Code::output), 74);
  EXPECT_EQ(exit_code(Code::lost), 75);
  EXPECT_EQ(exit_code(Code::denied), 77);
  EXPECT_EQ(exit_code(Code::config), 78);
  EXPECT_EQ(exit_code(Code::timed_out), 124);
  EXPECT_EQ(exit_code(Code::cancelled), 130);
}

}  // namespace
}  // namespace coord::cli
