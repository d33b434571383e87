// A machine that was suspended: CLOCK_BOOTTIME has gone on, the clock by which threads wait has
// not.
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <ctime>

#include "coord/etcd/session.hpp"
#include "fake/client_of.hpp"

namespace {

std::atomic<std::time_t> suspended_seconds = 0;

}  // namespace

// Instead of the C library's, in this program.
extern "C" int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const auto result = static_cast<int>(syscall(SYS_clock_gettime, clock, now));
  if (result == 0 && clock == CLOCK_BOOTTIME) now->tv_sec += suspended_seconds;
  return result;
}

namespace coord::etcd {
namespace {

using namespace std::chrono_literals;
using fake::soon;
using fake::why;

TEST(Suspend, TheClockOfThisTestIsTheOneThatCountsDeadlines) {
  const Context ctx = Context::within(150s);
  suspended_seconds += 200;
  EXPECT_TRUE(ctx.expired());
}

TEST(Suspend, ASessionRenewsItsLeaseAtOnceAfterIt) {
  fake::FakeEtcd server;
  const auto client = fake::client_of(server);
  const auto session = Session::open(*client, soon(), 600s);  // a renewal is due in 150 s
  ASSERT_TRUE(session) << why(session);
  EXPECT_FALSE(server.until([&] { return server.calls("LeaseKeepAlive") > 0; }, 100ms));
  const BootTime first = (*session)->expiry();
  suspended_seconds += 200;
  EXPECT_TRUE(server.until([&] { return (*session)->expiry() >= first + 200s; }));
}

}  // namespace
}  // namespace coord::etcd
