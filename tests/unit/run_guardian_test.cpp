// The guardian over a holder of the test's own, which says what the test wants.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "cmd/run/guardian.hpp"
#include "cmd/run/protocol.hpp"
#include "coord/proc/reaper.hpp"

namespace coord::run {
namespace {

using namespace std::chrono_literals;

// Starts a CMD that only a signal ends, names it without a descriptor, and has TERM sent to coord.
[[noreturn]] void be_a_holder_without_descriptors(proc::Channel channel) {
  const pid_t guardian = getppid();
  const pid_t command = fork();
  if (command == 0) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    (void)signal(SIGTERM, SIG_DFL);
    alarm(20);
    for (;;) pause();
  }
  (void)channel.send({.type = kReady});
  (void)channel.send({.type = kStarted, .a = command});
  kill(guardian, SIGTERM);
  int status = 0;
  waitpid(command, &status, 0);
  (void)channel.send({.type = kEnded, .a = status});
  (void)channel.send({.type = kFinished, .a = -1});
  _exit(0);
}

TEST(Guardian, ForwardsSignalsToACommandOfWhichItGotNoDescriptor) {
  auto signals = proc::Signals::take();
  auto ends = proc::Channel::pair();
  const auto deadline = SharedDeadline::create();
  ASSERT_TRUE(signals && ends && deadline && proc::become_subreaper());
  const pid_t pid = fork();
  if (pid == 0) {
    ends->first.close();
    be_a_holder_without_descriptors(std::move(ends->second));
  }
  ends->second.close();
  auto holder = proc::Child::of(pid);
  ASSERT_TRUE(holder);
  const GuardianOptions options{.course = {.shares_terminal = true, .grace = 3s},
                                .deadline = *deadline};
  const auto end = guard(*std::move(holder), std::move(ends->first), *signals, options);
  ASSERT_TRUE(end);
  EXPECT_EQ(end->result.command_status, SIGTERM);  // and not ALRM: the signal reached it
}

}  // namespace
}  // namespace coord::run
