#include "coord/proc/exit_status.hpp"
#include "coord/proc/signals.hpp"
#include "proc_support.hpp"

namespace coord::proc {
namespace {

using namespace testing;

TEST(Signals, AreReadWithTheirSender) {
  const int code = in_fork([] {
    auto signals = Signals::take();
    if (!signals || signals->next()) return 1;
    kill(getpid(), SIGTERM);
    if (!is_ready(signals->fd())) return 2;
    const auto signal = signals->next();
    if (!signal || signal->number != SIGTERM || signal->sender != getpid()) return 3;
    return signal->from_kernel || signals->next() ? 4 : 0;
  });
  EXPECT_EQ(code, 0);
}

TEST(Signals, AllThatAreForwardedAreHeard) {
  const int code = in_fork([] {
    auto signals = Signals::take();
    for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGTSTP,
                             SIGCONT, SIGCHLD}) {
      kill(getpid(), number);
      const auto signal = signals->next();
      if (!signal || signal->number != number) return number;
    }
    return 0;
  });
  EXPECT_EQ(code, 0);
}

TEST(Signals, WhatWasIgnoredStaysIgnored) {
  const int code = in_fork([] {
    std::signal(SIGHUP, SIG_IGN);
    auto signals = Signals::take();
    if (sigismember(&signals->original().ignored, SIGHUP) != 1) return 1;
    kill(getpid(), SIGHUP);
    kill(getpid(), SIGTERM);
    const auto signal = signals->next();
    if (!signal || signal->number != SIGTERM) return 2;
    return signals->next() ? 3 : 0;
  });
  EXPECT_EQ(code, 0);
}

TEST(Signals, ChildrenCanBeWaitedForEvenIfChldWasIgnored) {
  const int code = in_fork([] {
    std::signal(SIGCHLD, SIG_IGN);
    auto signals = Signals::take();
    const pid_t child = fork_off([] { return 6; });
    if (WEXITSTATUS(await(child)) != 6) return 1;
    return sigismember(&signals->original().ignored, SIGCHLD) == 1 ? 0 : 2;
  });
  EXPECT_EQ(code, 0);
}

TEST(Signals, AForkedChildReadsItsOwn) {
  const int code = in_fork([] {
    auto signals = Signals::take();
    Pipe pipe;
    const pid_t child = fork_off([&] {
      const bool ready = is_ready(signals->fd());
      const auto signal = signals->next();
      write_pid(pipe.write.get(), ready && signal ? signal->number : -1);
      return 0;
    });
    kill(child, SIGUSR1);
    if (read_pid(pipe.read.get()) != SIGUSR1) return 1;
    await(child);
    const auto own = signals->next();
    return own && own->number == SIGCHLD && !signals->next() ? 0 : 2;
  });
  EXPECT_EQ(code, 0);
}

TEST(Signals, AClosedPipeIsAnErrorOfWrite) {
  const int code = in_fork([] {
    auto signals = Signals::take();
    Pipe pipe;
    pipe.read.reset();
    return write(pipe.write.get(), "x", 1) == -1 && errno == EPIPE ? 0 : 1;
  });
  EXPECT_EQ(code, 0);
}

TEST(DieBySignal, IsSeenAsKilledEvenIfBlockedOrIgnored) {
  for (const int number : {SIGINT, SIGTERM, SIGQUIT, SIGSEGV, SIGUSR1, SIGKILL}) {
    const pid_t child = fork_off([number] {
      auto signals = Signals::take();
      std::signal(number, SIG_IGN);
      return die_by_signal(number);
    });
    const int status = await(child);
    ASSERT_TRUE(WIFSIGNALED(status)) << number;
    EXPECT_EQ(WTERMSIG(status), number);
    EXPECT_FALSE(WCOREDUMP(status));
    EXPECT_EQ(exit_status(status), 128 + number);
    EXPECT_EQ(fatal_signal(status), number);
  }
}

TEST(DieBySignal, ComesBackWhereTheSignalEndsNobody) {
  for (const int number : {SIGCHLD, SIGCONT, SIGWINCH, SIGTSTP, SIGSTOP}) {
    EXPECT_EQ(in_fork([number] { return die_by_signal(number); }), 128 + number);
  }
}

TEST(ExitStatus, OfAnExitCode) {
  EXPECT_EQ(exit_status(W_EXITCODE(42, 0)), 42);
  EXPECT_EQ(fatal_signal(W_EXITCODE(42, 0)), std::nullopt);
}

}  // namespace
}  // namespace coord::proc
