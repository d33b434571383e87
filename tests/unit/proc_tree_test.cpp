#include <sys/ptrace.h>
#include <sys/resource.h>

#include <algorithm>

#include "coord/proc/process.hpp"
#include "coord/proc/reaper.hpp"
#include "coord/proc/tree.hpp"
#include "proc_support.hpp"

namespace coord::proc {
namespace {

using namespace testing;

bool contains(const std::vector<Process>& processes, pid_t pid) {
  return std::ranges::find(processes, pid, &Process::pid) != processes.end();
}

// A process that does nothing until it is signalled.
pid_t idler() {
  return fork_off([] {
    pause();
    return 0;
  });
}

// Double-forks into a session of its own and ends; the grandchild says its pid and stays.
void start_daemon(int report) {
  await(fork_off([report] {
    setsid();
    if (fork() == 0) {  // not fork_off(): no death signal, as a real daemon
      alarm(static_cast<unsigned>(std::chrono::seconds(kPatience).count()));
      write_pid(report, getpid());
      pause();
    }
    return 0;
  }));
}

// Each generation forks the next and ends: nobody lives long enough to be pointed at. LIMIT
// generations, at most until patience ends; IN_SESSIONS: each in a session of its own.
void chain(int limit, bool in_sessions) {
  const BootTime until = BootClock::now() + kPatience;
  for (int i = 0; i < limit && BootClock::now() < until; ++i) {
    const pid_t pid = fork();
    if (pid < 0) continue;
    if (pid > 0) _exit(0);
    if (in_sessions) setsid();
  }
  _exit(0);
}

// In a subreaper of its own: starts CHAIN in a group of its own or in ours, and kills it. 0 if
// nothing is left.
int beats_chain(int limit, bool in_sessions, bool own_group) {
  return in_fork([=] {
    if (!become_subreaper()) return 1;
    if (fork() == 0) {
      if (own_group) setpgid(0, 0);
      chain(limit, in_sessions);
    }
    if (!kill_all_children(BootClock::now() + kPatience / 2)) return 2;
    return waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD ? 0 : 3;
  });
}

TEST(ParseStat, ReadsWhatStandsBehindTheName) {
  const auto process = parse_stat(
      "42 (a) b (c) S 7 41 40 34816 41 4194304 1 0 0 0 0 0 0 0 20 0 1 0 987654321 8 9\n");
  ASSERT_TRUE(process);
  EXPECT_EQ(process->pid, 42);
  EXPECT_EQ(process->parent, 7);
  EXPECT_EQ(process->group, 41);
  EXPECT_EQ(process->session, 40);
  EXPECT_EQ(process->start, 987654321U);
}

TEST(ParseStat, RefusesWhatIsCutOrNoStat) {
  for (const char* text : {"", "42", "42 (x", ") 42 (", "42 (x) S 1 2 3", "x (x) S 1", "42 (x)"}) {
    EXPECT_FALSE(parse_stat(text)) << text;
  }
}

TEST(FindProcess, IsNotConfusedByNames) {
  for (const char* name : {"a) b (c", ") S 1 1", "x\ny 1 2", "(((", "a\\) R 0"}) {
    Pipe pipe;
    const pid_t pid = fork_off([&] {
      prctl(PR_SET_NAME, name);
      write_pid(pipe.write.get(), getpid());
      pause();
      return 0;
    });
    ASSERT_EQ(read_pid(pipe.read.get()), pid);
    const auto process = find_process(pid);
    kill(pid, SIGKILL);
    await(pid);
    ASSERT_TRUE(process) << name;
    EXPECT_EQ(process->parent, getpid());
    EXPECT_EQ(process->group, getpgrp());
    EXPECT_GT(process->start, 0U);
  }
  EXPECT_FALSE(find_process(-1));
}

class DescendantsTest : public ::testing::TestWithParam<Family::Source> {};

TEST_P(DescendantsTest, AreFoundParentsFirst) {
  if (GetParam() == Family::Source::children_files && Family::best_source() != GetParam()) {
    GTEST_SKIP() << "this kernel has no /proc/PID/task/TID/children";
  }
  Pipe pipe;
  const pid_t child = fork_off([&] {
    write_pid(pipe.write.get(), idler());
    pause();
    return 0;
  });
  const pid_t grandchild = read_pid(pipe.read.get());
  const auto found = descendants(getpid(), Family(GetParam()));
  const auto below = descendants(child, Family(GetParam()));
  kill(child, SIGKILL);
  await(child);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].pid, child);
  EXPECT_EQ(found[1].pid, grandchild);
  ASSERT_EQ(below.size(), 1U);
  EXPECT_EQ(below[0].pid, grandchild);
}

INSTANTIATE_TEST_SUITE_P(Sources, DescendantsTest,
                         ::testing::Values(Family::Source::children_files,
                                           Family::Source::every_process));

TEST(SignalProcess, SparesALaterProcessWithTheSamePid) {
  const pid_t pid = idler();
  Process stale = find_process(pid).value();
  ++stale.start;
  signal_process(stale, SIGKILL);
  EXPECT_EQ(waitpid(pid, nullptr, WNOHANG), 0);
  --stale.start;
  signal_process(stale, SIGTERM);
  EXPECT_EQ(WTERMSIG(await(pid)), SIGTERM);
}

TEST(SignalTree, ReachesEveryGenerationWithAndWithoutTheRoot) {
  Pipe pipe;
  const pid_t child = fork_off([&] {
    const pid_t idle = idler();
    write_pid(pipe.write.get(), idle);
    const int status = await(idle);
    write_pid(pipe.write.get(), WTERMSIG(status));
    pause();
    return 0;
  });
  ASSERT_GT(read_pid(pipe.read.get()), 0);
  signal_tree(child, SIGUSR1, false);
  EXPECT_EQ(read_pid(pipe.read.get()), SIGUSR1);
  EXPECT_EQ(waitpid(child, nullptr, WNOHANG), 0);
  signal_tree(child, SIGKILL, true);
  EXPECT_EQ(WTERMSIG(await(child)), SIGKILL);
}

TEST(SignalTree, StopsAndContinues) {
  const pid_t child = idler();
  signal_tree(getpid(), SIGSTOP, false);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
  EXPECT_TRUE(WIFSTOPPED(status));
  signal_tree(getpid(), SIGCONT, false);
  EXPECT_EQ(waitpid(child, &status, WCONTINUED), child);
  EXPECT_TRUE(WIFCONTINUED(status));
  signal_tree(getpid(), SIGKILL, false);
  await(child);
}

TEST(KillAllChildren, IsTrueAtOnceWithoutChildren) {
  EXPECT_TRUE(kill_all_children(BootClock::now() - 1s));
}

TEST(KillAllChildren, KillsADaemonInASessionOfItsOwn) {
  Pipe pipe;
  const int code = in_fork([&] {
    if (!become_subreaper()) return 1;
    start_daemon(pipe.write.get());
    const pid_t daemon = read_pid(pipe.read.get());
    if (!contains(descendants(getpid()), daemon)) return 2;
    const Fd pidfd = open_pidfd(daemon);
    if (!kill_all_children(BootClock::now() + kPatience)) return 3;
    return is_ready(pidfd.get(), 0ms) && !exists(daemon) ? 0 : 4;
  });
  EXPECT_EQ(code, 0);
}

TEST(KillAllChildren, ADaemonOfAKilledHolderGoesToTheGuardian) {
  Pipe pipe;
  const int code = in_fork([&] {
    if (!become_subreaper()) return 1;
    const pid_t holder = fork_off([&] {
      if (!become_subreaper()) return 1;
      start_daemon(pipe.write.get());
      pause();
      return 0;
    });
    const pid_t daemon = read_pid(pipe.read.get());
    const Fd pidfd = open_pidfd(daemon);
    kill(holder, SIGKILL);
    await(holder);
    if (!kill_all_children(BootClock::now() + kPatience)) return 2;
    return is_ready(pidfd.get(), 0ms) ? 0 : 3;
  });
  EXPECT_EQ(code, 0);
}

TEST(KillAllChildren, KillsStoppedOnesAndThoseThatBlockEverything) {
  const int code = in_fork([] {
    const pid_t deaf = fork_off([] {
      sigset_t all;
      sigfillset(&all);
      pthread_sigmask(SIG_SETMASK, &all, nullptr);
      raise(SIGSTOP);
      pause();
      return 0;
    });
    if (waitpid(deaf, nullptr, WUNTRACED) != deaf) return 1;
    return kill_all_children(BootClock::now() + kPatience) ? 0 : 2;
  });
  EXPECT_EQ(code, 0);
}

TEST(KillAllChildren, SparesOurOwnGroup) {
  const pid_t bystander = idler();
  const int code = in_fork([] {
    (void)idler();
    return kill_all_children(BootClock::now() + kPatience) ? 0 : 1;
  });
  EXPECT_EQ(code, 0);
  EXPECT_EQ(waitpid(bystander, nullptr, WNOHANG), 0);
  kill(bystander, SIGKILL);
  await(bystander);
}

// As on a terminal, where CMD is in the guardian's foreground group and the holder is not.
TEST(KillAllChildren, SparesAStrangersGroupThatAChildHasJoined) {
  const pid_t stranger = idler();
  setpgid(stranger, stranger);
  const int code = in_fork([stranger] {
    const pid_t child = idler();
    if (setpgid(child, stranger) != 0) return 1;
    return kill_all_children(BootClock::now() + kPatience) ? 0 : 2;
  });
  EXPECT_EQ(code, 0);
  EXPECT_EQ(waitpid(stranger, nullptr, WNOHANG), 0);
  kill(stranger, SIGKILL);
  await(stranger);
}

TEST(KillAllChildren, EndsAChainOfForks) { EXPECT_EQ(beats_chain(200, false, true), 0); }

TEST(KillAllChildren, EndsAnEndlessChainInItsOwnGroup) {
  EXPECT_EQ(beats_chain(1'000'000, false, true), 0);
}

TEST(KillAllChildren, EndsAnEndlessChainInOurGroup) {
  EXPECT_EQ(beats_chain(1'000'000, false, false), 0);
}

TEST(KillAllChildren, EndsAnEndlessChainOfSessions) {
  EXPECT_EQ(beats_chain(1'000'000, true, true), 0);
}

// A zombie that a debugger has not let go of can't be reaped: the nearest that a test comes to a
// process that hangs in the kernel.
TEST(KillAllChildren, GivesUpInTimeAndWithoutSpinning) {
  Pipe to_tracer;
  Pipe from_tracer;
  const pid_t tracer = fork_off([&] {
    const pid_t victim = read_pid(to_tracer.read.get());
    const bool seized = ptrace(PTRACE_SEIZE, victim, nullptr, nullptr) == 0;
    write_pid(from_tracer.write.get(), seized ? 1 : 0);
    pause();
    return 0;
  });
  const int code = in_fork([&] {
    write_pid(to_tracer.write.get(), idler());
    if (read_pid(from_tracer.read.get()) != 1) return 77;
    const BootTime until = BootClock::now() + 300ms;
    if (kill_all_children(until)) return 1;
    if (BootClock::now() < until || BootClock::now() > until + kPatience / 2) return 2;
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto busy = std::chrono::microseconds(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    if (used.ru_utime.tv_sec + used.ru_stime.tv_sec > 0 || busy > 150ms) return 3;
    kill(tracer, SIGKILL);
    return kill_all_children(BootClock::now() + kPatience) ? 0 : 4;
  });
  kill(tracer, SIGKILL);
  await(tracer);
  if (code == 77) GTEST_SKIP() << "ptrace is not allowed here";
  EXPECT_EQ(code, 0);
}

TEST(ReapOrphans, ReapsAllButTheOne) {
  const int code = in_fork([] {
    if (!become_subreaper()) return 1;
    const pid_t kept = idler();
    const pid_t orphan = fork_off([] { return 0; });
    if (!eventually([&] { return reap_orphans(kept), !exists(orphan); })) return 2;
    kill(kept, SIGKILL);
    if (!is_ready(open_pidfd(kept).get())) return 3;
    reap_orphans(kept);
    return waitpid(kept, nullptr, WNOHANG) == kept ? 0 : 4;
  });
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace coord::proc
