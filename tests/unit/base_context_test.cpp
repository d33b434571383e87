#include <gtest/gtest.h>

#include <thread>

#include "coord/base/context.hpp"

namespace coord {
namespace {

using namespace std::chrono_literals;

TEST(After, StopsAtNever) {
  EXPECT_EQ(after(BootTime{5s}, 3s), BootTime{8s});
  EXPECT_EQ(after(BootTime{5s}, Duration::max()), kNever);
  EXPECT_EQ(after(kNever, 1s), kNever);
}

TEST(Context, HasNoLimitsOfItsOwn) {
  const Context ctx;
  EXPECT_FALSE(ctx.has_deadline());
  EXPECT_FALSE(ctx.expired());
  EXPECT_FALSE(ctx.stopped());
  EXPECT_TRUE(ctx.check("waiting"));
}

TEST(Context, ReportsAPassedDeadlineAsTimedOut) {
  const Context ctx = Context::within(-1s);
  EXPECT_TRUE(ctx.expired());
  EXPECT_LT(ctx.remaining(), 0s);
  EXPECT_EQ(ctx.check("waiting").error().code, Code::timed_out);
  EXPECT_EQ(ctx.check("waiting").error().message, "waiting: timed out");
}

TEST(Context, ReportsAPulledTokenAsCancelledWhateverTheDeadline) {
  std::stop_source stop;
  const Context ctx(stop.get_token(), BootTime{});
  stop.request_stop();
  EXPECT_TRUE(ctx.stopped());
  EXPECT_EQ(ctx.check("waiting").error().code, Code::cancelled);
}

TEST(Context, OnlyEverGetsShorter) {
  const Context minute = Context::within(1min);
  EXPECT_EQ(minute.at_most(1h).deadline(), minute.deadline());
  EXPECT_LT(minute.at_most(1s).deadline(), minute.deadline());
  EXPECT_EQ(minute.until(kNever).deadline(), minute.deadline());
  EXPECT_EQ(Context().until(BootTime{7s}).deadline(), BootTime{7s});
}

TEST(Context, PassesItsTokenOn) {
  std::stop_source stop;
  const Context shorter = Context(stop.get_token()).at_most(1h);
  stop.request_stop();
  EXPECT_TRUE(shorter.stopped());
}

TEST(ContextSleep, LastsForTheSpan) {
  const BootTime start = BootClock::now();
  Context().sleep(20ms);
  EXPECT_GE(BootClock::now() - start, 20ms);
}

TEST(ContextSleep, EndsWithTheDeadline) {
  const BootTime start = BootClock::now();
  Context::within(20ms).sleep(1h);
  EXPECT_GE(BootClock::now() - start, 20ms);
  EXPECT_LT(BootClock::now() - start, 10s);
}

TEST(ContextSleep, EndsWhenTheTokenIsPulled) {
  std::stop_source stop;
  const Context ctx(stop.get_token());
  const std::jthread puller([&stop] { stop.request_stop(); });
  const BootTime start = BootClock::now();
  ctx.sleep(1h);
  EXPECT_LT(BootClock::now() - start, 10s);
}

}  // namespace
}  // namespace coord
