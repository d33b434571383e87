#include <gtest/gtest.h>

#include "cmd/commands/doctor_findings.hpp"

namespace coord::commands {
namespace {

TEST(KnownFaults, EndWithTheReleaseThatMendsThem) {
  EXPECT_EQ(known_faults("3.5.2").size(), 5U);
  EXPECT_EQ(known_faults("3.5.3").size(), 4U);
  EXPECT_EQ(known_faults("3.5.22").size(), 1U);
  EXPECT_EQ(known_faults("3.5.22").front().mended_in, "upgrade to 3.5.23 or newer");
  EXPECT_TRUE(known_faults("3.5.23").empty());
  EXPECT_EQ(known_faults("3.6.4").size(), 1U);
  EXPECT_TRUE(known_faults("3.6.5").empty());
  EXPECT_TRUE(known_faults("3.7.0").empty());
}

TEST(KnownFaults, SayThatAnOldLineGetsNoMends) {
  EXPECT_EQ(known_faults("3.4.45").size(), 1U);
  EXPECT_EQ(known_faults("3.3.1").size(), 1U);
}

TEST(KnownFaults, KnowNothingOfOtherNumbers) {
  EXPECT_TRUE(known_faults("").empty());
  EXPECT_TRUE(known_faults("4.0.0").empty());
  EXPECT_TRUE(known_faults("3.x").empty());
  EXPECT_EQ(known_faults("3.6.0-rc.1").size(), 1U);
}

}  // namespace
}  // namespace coord::commands
