#include <gtest/gtest.h>
#include <poll.h>

#include <thread>

#include "coord/base/notifier.hpp"

namespace coord {
namespace {

bool readable(const Notifier& notifier, int wait_ms = 0) {
  pollfd entry{.fd = notifier.fd(), .events = POLLIN, .revents = 0};
  return poll(&entry, 1, wait_ms) == 1;
}

TEST(Notifier, BecomesReadableByAPostAndQuietByClear) {
  Notifier notifier;
  EXPECT_FALSE(readable(notifier));
  notifier.post();
  EXPECT_TRUE(readable(notifier));
  notifier.clear();
  EXPECT_FALSE(readable(notifier));
}

TEST(Notifier, ShowsManyPostsAsOne) {
  Notifier notifier;
  for (int i = 0; i < 1000; ++i) notifier.post();
  notifier.clear();
  EXPECT_FALSE(readable(notifier));
  notifier.clear();  // does not block
}

TEST(Notifier, WakesAPollInAnotherThread) {
  Notifier notifier;
  const std::jthread poster([&notifier] { notifier.post(); });
  EXPECT_TRUE(readable(notifier, 10'000));
}

}  // namespace
}  // namespace coord
