#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "cmd/run/herald.hpp"

namespace coord::run {
namespace {

using namespace std::chrono_literals;

// A service manager's end, on an abstract address of its own.
class Manager {
 public:
  Manager() : fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto* any = reinterpret_cast<const sockaddr*>(&address);
    EXPECT_EQ(bind(fd_.get(), any, sizeof(sa_family_t)), 0);  // the kernel picks a name
    socklen_t size = sizeof address;
    EXPECT_EQ(getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    name_.assign(address.sun_path + 1, size - sizeof(sa_family_t) - 1);
  }

  std::string address() const { return "@" + name_; }

  std::vector<std::string> heard() const {
    std::vector<std::string> all;
    std::array<char, 4096> bytes{};
    ssize_t count = 0;
    while ((count = recv(fd_.get(), bytes.data(), bytes.size(), 0)) > 0)
      all.emplace_back(bytes.data(), static_cast<std::size_t>(count));
    return all;
  }

 private:
  proc::Fd fd_;
  std::string name_;
};

using Words = std::vector<std::string>;

Herald herald_of(const Manager& manager, const std::string& watchdog = "",
                 const std::string& pid = "") {
  proc::Environment environment;
  environment.set("NOTIFY_SOCKET", manager.address());
  if (!watchdog.empty()) environment.set("WATCHDOG_USEC", watchdog);
  if (!pid.empty()) environment.set("WATCHDOG_PID", pid);
  return Herald::from(environment).value();
}

std::string ready() {
  return "READY=1\nMAINPID=" + std::to_string(getpid()) + "\nSTATUS=holding lock 'a'";
}

TEST(Herald, TellsOfAHoldFromBeginningToEnd) {
  const Manager manager;
  Herald herald = herald_of(manager);
  herald.wait("lock 'a'");
  herald.waits("waiting for lock 'a': bob\n");
  herald.holds("lock 'a'");
  herald.ends();
  herald.ends();
  EXPECT_EQ(manager.heard(), (Words{"STATUS=waiting for lock 'a'", "EXTEND_TIMEOUT_USEC=30000000",
                                    "STATUS=waiting for lock 'a': bob\\n", ready(), "STOPPING=1"}));
}

TEST(Herald, AsksForMoreTimeWhileItWaits) {
  const Manager manager;
  Herald herald = herald_of(manager);
  herald.wait("lock 'a'");
  const BootTime next = herald.next_time();
  EXPECT_LT(next, after(BootClock::now(), 11s));
  (void)manager.heard();
  herald.on_time(next, false);
  EXPECT_EQ(manager.heard(), Words{"EXTEND_TIMEOUT_USEC=30000000"});
  EXPECT_EQ(herald.next_time(), after(next, 10s));
}

TEST(Herald, FeedsTheWatchdogOnlyWhileTheHoldIsGood) {
  const Manager manager;
  Herald herald = herald_of(manager, "4000000", std::to_string(getpid()));
  herald.wait("lock 'a'");
  herald.holds("lock 'a'");
  (void)manager.heard();
  const BootTime next = herald.next_time();
  EXPECT_LT(next, after(BootClock::now(), 2100ms));
  herald.on_time(next, true);
  EXPECT_EQ(manager.heard(), Words{"WATCHDOG=1"});
  herald.on_time(herald.next_time(), false);
  EXPECT_EQ(manager.heard(), Words{});
  herald.lost("it is gone", false);
  EXPECT_EQ(herald.next_time(), kNever);
}

TEST(Herald, LeavesAWatchdogOfSomebodyElseAlone) {
  const Manager manager;
  Herald herald = herald_of(manager, "4000000", "1");
  herald.holds("lock 'a'");
  EXPECT_EQ(manager.heard(), Words{ready()});
  EXPECT_EQ(herald.next_time(), kNever);
}

TEST(Herald, AServiceThatBeginsAgainStaysStarted) {
  const Manager manager;
  Herald herald = herald_of(manager, "4000000");
  herald.holds("lock 'a'");
  (void)manager.heard();
  herald.lost("it is gone", true);
  herald.wait("lock 'a'");
  EXPECT_EQ(manager.heard(),
            (Words{"STATUS=lost: it is gone", "STATUS=waiting for lock 'a'", "WATCHDOG=1"}));
}

TEST(Herald, IsSilentWithoutAManager) {
  Herald herald = Herald::from(proc::Environment()).value();
  herald.wait("lock 'a'");
  herald.holds("lock 'a'");
  EXPECT_EQ(herald.next_time(), kNever);
  proc::Environment gone;
  gone.set("NOTIFY_SOCKET", "/nowhere/to/be/found");
  Herald::from(gone).value().wait("lock 'a'");
}

TEST(Herald, RefusesAnAddressThatIsNone) {
  for (const std::string address : {"relative", "@", "vsock:1:2", "/", "-"}) {
    proc::Environment environment;
    environment.set("NOTIFY_SOCKET", address);
    const auto herald = Herald::from(environment);
    ASSERT_FALSE(herald) << address;
    EXPECT_EQ(herald.error().code, Code::config);
  }
  proc::Environment environment;
  environment.set("NOTIFY_SOCKET", "/" + std::string(200, 'x'));
  EXPECT_FALSE(Herald::from(environment));
}

}  // namespace
}  // namespace coord::run
