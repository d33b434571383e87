#include <gtest/gtest.h>

#include <csignal>

#include "cmd/commands/keys/busy_options.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;
using run::OnBusy;

Result<run::BusyOptions> parse(const BusyWords& words) {
  return busy_options(words, OnBusy::queue, true);
}

void expect_usage(const Result<run::BusyOptions>& options, const std::string& message) {
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().code, Code::usage);
  EXPECT_EQ(options.error().message, message);
}

TEST(BusyOptions, AreTheCommandsDefaultsWithoutWords) {
  const auto options = parse({});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->on_busy, OnBusy::queue);
  EXPECT_EQ(options->debounce, 0s);
  EXPECT_EQ(options->grace, 3s);
}

TEST(BusyOptions, KnowEachPolicy) {
  EXPECT_EQ(parse({.on_busy = "queue"})->on_busy, OnBusy::queue);
  EXPECT_EQ(parse({.on_busy = "latest"})->on_busy, OnBusy::latest);
  EXPECT_EQ(parse({.on_busy = "restart"})->on_busy, OnBusy::restart);
  EXPECT_EQ(parse({.on_busy = "signal"})->on_busy, OnBusy::signal);
  EXPECT_EQ(parse({.on_busy = "drop"})->on_busy, OnBusy::drop);
  expect_usage(parse({.on_busy = "que"}),
               "--on-busy: 'que' is none of queue, latest, restart, signal, drop");
}

TEST(BusyOptions, TakeASignalByNameAndNumber) {
  for (const char* word : {"USR1", "SIGUSR1", "usr1", "10"}) {
    const auto options = parse({.signal = word});
    ASSERT_TRUE(options) << word;
    EXPECT_EQ(options->signal, SIGUSR1);
    EXPECT_EQ(options->on_busy, OnBusy::signal);
  }
  EXPECT_EQ(parse({.on_busy = "signal"})->signal, SIGHUP);
  for (const char* word : {"", "SIG", "0", "-1", "65", "1x", "NOPE"})
    expect_usage(parse({.signal = word}), "--signal '" + std::string(word) + "' is no signal");
  expect_usage(parse({.on_busy = "drop", .signal = "HUP"}), "--signal is for --on-busy signal");
}

TEST(BusyOptions, NeedACommand) {
  EXPECT_TRUE(busy_options({}, OnBusy::queue, false));
  expect_usage(busy_options({.debounce = 1s}, OnBusy::queue, false),
               "--on-busy, --signal, --grace and --debounce are about CMD");
}

}  // namespace
}  // namespace coord::commands
