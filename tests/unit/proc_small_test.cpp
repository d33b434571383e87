// The small things: environment, timer, poller, terminal, standard descriptors.
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "coord/proc/environment.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/terminal.hpp"
#include "coord/proc/timer.hpp"
#include "proc_support.hpp"

namespace coord::proc {
namespace {

using namespace testing;
using Entries = std::vector<std::string>;

Environment sample() {
  const std::array<const char*, 6> entries{"A=1", "AB=2", "odd", "A=3", "E=", nullptr};
  return Environment(entries.data());
}

TEST(Environment, KeepsWhatWasInherited) {
  EXPECT_EQ(sample().list(), (Entries{"A=1", "AB=2", "odd", "A=3", "E="}));
  EXPECT_EQ(Environment(nullptr).list(), Entries{});
}

TEST(Environment, SettingReplacesEveryInheritedOne) {
  Environment environment = sample();
  environment.set("A", "x=\ny");
  environment.set("N", std::string_view("a\0b", 3));
  EXPECT_EQ(environment.list(), (Entries{"AB=2", "odd", "E=", "A=x=\ny", "N=a"}));
}

TEST(Environment, UnsetsAndGets) {
  Environment environment = sample();
  EXPECT_EQ(environment.get("A"), "1");
  EXPECT_EQ(environment.get("E"), "");
  EXPECT_EQ(environment.get("odd"), std::nullopt);
  environment.unset("A");
  EXPECT_EQ(environment.get("A"), std::nullopt);
  EXPECT_EQ(environment.list(), (Entries{"AB=2", "odd", "E="}));
}

TEST(Timer, BecomesReadableAtItsTimeAndOnlyOnce) {
  auto timer = Timer::create().value();
  EXPECT_EQ(timer.time(), kNever);
  EXPECT_FALSE(is_ready(timer.fd(), 0ms));
  const BootTime time = BootClock::now() + 20ms;
  timer.set(time);
  EXPECT_EQ(timer.time(), time);
  EXPECT_FALSE(timer.fired());
  ASSERT_TRUE(is_ready(timer.fd()));
  EXPECT_GE(BootClock::now(), time);
  EXPECT_TRUE(timer.fired());
  EXPECT_FALSE(timer.fired());
  EXPECT_FALSE(is_ready(timer.fd(), 0ms));
}

TEST(Timer, ATimeInThePastIsNow) {
  auto timer = Timer::create().value();
  for (const BootTime time : {BootTime{}, BootTime{-5s}, BootClock::now() - 1ns}) {
    timer.set(time);
    EXPECT_TRUE(is_ready(timer.fd()));
    EXPECT_TRUE(timer.fired());
  }
}

TEST(Timer, CanBeMovedAndDisarmed) {
  auto timer = Timer::create().value();
  timer.set(BootClock::now());
  ASSERT_TRUE(is_ready(timer.fd()));
  timer.set(BootClock::now() + 1h);
  EXPECT_FALSE(is_ready(timer.fd(), 0ms));
  timer.set(BootClock::now());
  timer.disarm();
  EXPECT_FALSE(is_ready(timer.fd(), 0ms));
  timer.set(BootClock::now());
  timer.set(kNever);
  EXPECT_FALSE(is_ready(timer.fd(), 0ms));
  EXPECT_FALSE(timer.fired());
}

enum class Source { first, second };

TEST(Poller, NamesWhatIsReady) {
  Pipe first;
  Pipe second;
  Poller<Source> poller;
  poller.watch(Source::first, first.read.get());
  poller.watch(Source::second, second.read.get());
  EXPECT_FALSE(poller.wait(BootClock::now()).value());
  second.write.reset();
  EXPECT_TRUE(poller.wait(BootClock::now() + kPatience).value());
  EXPECT_FALSE(poller.ready(Source::first));
  EXPECT_TRUE(poller.ready(Source::second));
  poller.forget(Source::second);
  poller.forget(Source::second);
  EXPECT_FALSE(poller.ready(Source::second));
  EXPECT_FALSE(poller.wait(BootClock::now() - 1h).value());
  ASSERT_EQ(write(first.write.get(), "x", 1), 1);
  EXPECT_TRUE(poller.wait().value());
  EXPECT_TRUE(poller.ready(Source::first));
}

TEST(Poller, KeepsTheDeadlineAcrossSignals) {
  const int code = in_fork([] {
    std::signal(SIGALRM, [](int) {});
    const itimerval often{{0, 1000}, {0, 1000}};
    setitimer(ITIMER_REAL, &often, nullptr);
    const BootTime until = BootClock::now() + 50ms;
    const auto ready = poll_until({}, until);
    return ready && !*ready && BootClock::now() >= until ? 0 : 1;
  });
  EXPECT_EQ(code, 0);
}

// In a session of its own with a new terminal as its controlling one; BODY gets that terminal's
// number.
template <typename Body>
int on_terminal(const Body& body) {
  int master = -1;
  int slave = -1;
  if (openpty(&master, &slave, nullptr, nullptr, nullptr) != 0) return 99;
  const Fd keep_master(master);
  const Fd keep_slave(slave);
  return in_fork([&] {
    setsid();
    if (ioctl(slave, TIOCSCTTY, 0) != 0) return 98;
    return body(master, slave);
  });
}

TEST(Terminal, IsFoundAndKnown) {
  const int code = on_terminal([](int, int slave) {
    const auto terminal = Terminal::controlling();
    if (!terminal) return 1;
    if (!is_terminal(terminal->fd()) || !is_terminal(slave)) return 2;
    return 0;
  });
  EXPECT_EQ(code, 0);
}

TEST(Terminal, ASignalFromAKeyIsToldFromASentOne) {
  const int code = on_terminal([](int master, int) {
    auto signals = Signals::take();
    if (write(master, "\x03", 1) != 1 || !is_ready(signals->fd())) return 1;
    const auto key = signals->next();
    if (!key || key->number != SIGINT || !key->from_kernel) return 2;
    kill(getpid(), SIGINT);
    const auto sent = signals->next();
    return sent && !sent->from_kernel ? 0 : 3;
  });
  EXPECT_EQ(code, 0);
}

TEST(Terminal, IsMissingInASessionWithoutOne) {
  const int code = in_fork([] {
    setsid();
    return Terminal::controlling() ? 1 : 0;
  });
  EXPECT_EQ(code, 0);
  Pipe pipe;
  EXPECT_FALSE(is_terminal(pipe.read.get()));
}

TEST(StandardFds, AreReservedAndStayUselessAndAreNotInherited) {
  const int code = in_fork([] {
    for (const int fd : {0, 1, 2}) close(fd);
    reserve_standard_fds();
    char byte = 0;
    if (read(0, &byte, 1) != -1 || errno != EBADF) return 1;
    if (write(1, &byte, 1) != -1 || errno != EBADF) return 2;
    if (write(2, &byte, 1) != -1 || errno != EBADF) return 3;
    const Fd next(open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (next.get() < 3) return 4;
    const std::string script = "cd /proc/$$/fd; ! [ -L 0 ] && ! [ -L 1 ] && ! [ -L 2 ]";
    auto child = Child::start(command({"sh", "-c", script}));
    return child ? exit_status(child->reap()) : 5;
  });
  EXPECT_EQ(code, 0);
}

TEST(StandardFds, ThatAreOpenStayAsTheyAre) {
  struct stat before{};
  struct stat now{};
  ASSERT_EQ(fstat(1, &before), 0);
  reserve_standard_fds();
  ASSERT_EQ(fstat(1, &now), 0);
  EXPECT_EQ(before.st_ino, now.st_ino);
}

}  // namespace
}  // namespace coord::proc
