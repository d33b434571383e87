#include <cstdio>
#include <iterator>
#include <set>
#include <sstream>
#include <thread>

#include "coord/proc/child.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/process.hpp"
#include "coord/proc/program.hpp"
#include "proc_support.hpp"

namespace coord::proc {
namespace {

using namespace testing;

int status_of(const ChildSpec& spec) {
  auto child = Child::start(spec);
  if (!child) return child.error().exit_status.value_or(-1);
  return exit_status(child->reap());
}

TEST(ChildStart, RunsTheProgramAndSaysHowItEnded) {
  EXPECT_EQ(status_of(command({"true"})), 0);
  EXPECT_EQ(status_of(command({"sh", "-c", "exit 7"})), 7);
  EXPECT_EQ(status_of(command({"sh", "-c", "kill -9 $$"})), 128 + SIGKILL);
}

TEST(ChildStart, AProgramThatDoesNotExistIs127) {
  const auto child = Child::start(command({"no-such-program"}));
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().exit_status, 127);
  EXPECT_EQ(child.error().error.code, Code::not_found);
  EXPECT_EQ(child.error().error.message, "cannot run 'no-such-program': No such file or directory");
  EXPECT_EQ(status_of(command({"/no/such/program"})), 127);
  EXPECT_EQ(status_of(command({""})), 127);
}

TEST(ChildStart, AMissingInterpreterIsNamedAsWhatIsMissing) {
  const Folder folder;
  const auto child =
      Child::start(command({folder.file("script", "#!/no/such/interpreter\n", 0755)}));
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().exit_status, 127);
  EXPECT_NE(child.error().error.hint.find("interpreter"), std::string::npos);
}

TEST(ChildStart, AFileThatCannotBeExecutedIs126) {
  const Folder folder;
  const auto child = Child::start(command({folder.file("data", "text", 0644)}));
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().exit_status, 126);
  EXPECT_EQ(child.error().error.code, Code::os);
  EXPECT_NE(child.error().error.message.find("Permission denied"), std::string::npos);
  EXPECT_EQ(status_of(command({folder.path()})), 126);
  EXPECT_EQ(status_of(command({"/etc/passwd/below"})), 126);
}

TEST(ChildStart, AFailedStartLeavesNoProcessAndNoDescriptor) {
  const auto count = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  const auto before = count();
  EXPECT_EQ(status_of(command({"no-such-program"})), 127);
  EXPECT_EQ(count(), before);
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(ChildStart, NoCommandAndTheWrongThreadAreBugsOfTheCaller) {
  auto child = Child::start(command({}));
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().error.code, Code::internal);
  std::thread([&] { child = Child::start(command({"true"})); }).join();
  ASSERT_FALSE(child);
  EXPECT_EQ(child.error().error.code, Code::internal);
  EXPECT_FALSE(child.error().exit_status);
}

TEST(ChildStart, TheProgramIsFoundInTheGivenPath) {
  const Folder first;
  const Folder second;
  (void)first.file("tool", "not for execution", 0644);
  (void)second.file("tool", "#!/bin/sh\necho second \"$1\"\n", 0755);
  ChildSpec spec = command({"tool", "a b"});
  spec.environment = {"PATH=/no/such:" + first.path() + ":" + second.path()};
  EXPECT_EQ(output_of(spec), "second a b\n");
  spec.environment = {"PATH=" + first.path()};
  EXPECT_EQ(status_of(spec), 126);
}

TEST(ChildStart, AScriptWithoutAFirstLineIsRunByTheShell) {
  const Folder folder;
  (void)folder.file("-script", "printf '%s|' \"$0\" \"$@\"\n", 0755);
  ChildSpec spec = command({"-script", "", "x y"});
  spec.environment = {"PATH=" + folder.path()};
  EXPECT_EQ(output_of(spec), folder.path() + "/-script||x y|");
}

TEST(ChildStart, ArgumentsPassExactly) {
  const std::string expected =
      std::string("a\nb") + '\0' + '\0' + "-x" + '\0' + "\xff\x01 '\"" + '\0';
  EXPECT_EQ(output_of(command(
                {"sh", "-c", R"(printf '%s\0' "$@")", "sh", "a\nb", "", "-x", "\xff\x01 '\""})),
            expected);
}

TEST(ChildStart, TheEnvironmentPassesExactly) {
  ChildSpec spec = command({"/usr/bin/env", "-0"});
  spec.environment = {"A=x\ny", "EMPTY=", "B==", "A=again"};
  EXPECT_EQ(output_of(spec),
            std::string("A=x\ny") + '\0' + "EMPTY=" + '\0' + "B==" + '\0' + "A=again" + '\0');
  spec.environment.clear();
  EXPECT_EQ(output_of(spec), "");
}

TEST(ChildStart, InputCanBeReplaced) {
  Pipe pipe;
  ASSERT_EQ(write(pipe.write.get(), "hello", 5), 5);
  pipe.write.reset();
  ChildSpec spec = command({"cat"});
  spec.input = pipe.read.get();
  EXPECT_EQ(output_of(spec), "hello");
}

TEST(ChildStart, NothingOfOursIsInheritedAndEverythingOfTheUsers) {
  const Fd users(open("/dev/null", O_RDONLY));  // on purpose without O_CLOEXEC
  std::set<std::string> expected;
  for (int fd = 0; fd < 1024; ++fd) {
    if (fcntl(fd, F_GETFD) == 0) expected.insert(std::to_string(fd));
  }
  ASSERT_TRUE(expected.contains(std::to_string(users.get())));
  Pipe pipe;
  std::istringstream listing(output_of(command({"sh", "-c", "ls /proc/$$/fd; :"})));
  const std::set<std::string> found(std::istream_iterator<std::string>(listing), {});
  EXPECT_EQ(found, expected);
}

// The masks in /proc/PID/status, of a CMD whose parent blocks and ignores much.
TEST(ChildStart, TheOriginalSignalStateIsRestored) {
  Pipe pipe;
  const int code = in_fork([&] {
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGCHLD, SIG_IGN);
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR2);
    pthread_sigmask(SIG_SETMASK, &mask, nullptr);
    const auto signals = Signals::take();
    std::signal(SIGTTOU, SIG_IGN);
    std::signal(SIGALRM, [](int) {});
    ChildSpec spec = command({"sed", "-nE", "/^Sig(Blk|Ign|Cgt)/p", "/proc/self/status"});
    spec.signals = signals->original();
    spec.output = pipe.write.get();
    return status_of(spec);
  });
  pipe.write.reset();
  EXPECT_EQ(code, 0);
  const auto bit = [](int signal) { return 1ULL << (static_cast<unsigned>(signal) - 1); };
  std::array<char, 128> expected{};
  std::snprintf(expected.data(), expected.size(),
                "SigBlk:\t%016llx\nSigIgn:\t%016llx\nSigCgt:\t%016llx\n", bit(SIGUSR2),
                bit(SIGHUP) | bit(SIGCHLD), 0ULL);
  EXPECT_EQ(read_all(pipe.read.get()), expected.data());
}

TEST(ChildStart, ByDefaultNoSignalIsBlockedOrIgnored) {
  Pipe pipe;
  const int code = in_fork([&] {
    const auto signals = Signals::take();
    if (!signals) return 1;
    ChildSpec spec = command({"grep", "-cE", "^Sig(Blk|Ign):.0*$", "/proc/self/status"});
    spec.output = pipe.write.get();
    return status_of(spec);
  });
  pipe.write.reset();
  EXPECT_EQ(code, 0);
  EXPECT_EQ(read_all(pipe.read.get()), "2\n");
}

TEST(ChildStart, GroupsAreOwnJoinedOrInherited) {
  ChildSpec spec = command({"cat", "/proc/self/stat"});
  const auto own = parse_stat(output_of(spec));
  ASSERT_TRUE(own);
  EXPECT_EQ(own->group, own->pid);

  auto leader = Child::start(command({"sleep", "60"}));
  ASSERT_TRUE(leader);
  spec.group = ChildSpec::Group::join;
  spec.join_group = leader->pid();
  const auto joined = parse_stat(output_of(spec));
  leader->signal(SIGKILL);
  leader->reap();
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->group, leader->pid());

  spec.group = ChildSpec::Group::inherit;
  const auto inherited = parse_stat(output_of(spec));
  ASSERT_TRUE(inherited);
  EXPECT_EQ(inherited->group, getpgrp());
}

TEST(ChildStart, AGroupThatCannotBeJoinedIsTheSystemsFault) {
  ChildSpec spec = command({"true"});
  spec.group = ChildSpec::Group::join;
  spec.join_group = 1;  // init's: another session
  const auto child = Child::start(spec);
  ASSERT_FALSE(child);
  EXPECT_FALSE(child.error().exit_status);
  EXPECT_EQ(child.error().error.code, Code::os);
}

TEST(ChildStart, DiesWithItsParent) {
  Pipe pipe;
  const pid_t middle = fork_off([&] {
    const auto child = Child::start(command({"sleep", "60"}));
    if (!child) return 1;
    write_pid(pipe.write.get(), child->pid());
    pause();
    return 0;
  });
  const pid_t grandchild = read_pid(pipe.read.get());
  ASSERT_GT(grandchild, 0);
  const Fd pidfd = open_pidfd(grandchild);
  ASSERT_FALSE(is_ready(pidfd.get(), 0ms));
  kill(middle, SIGKILL);
  await(middle);
  EXPECT_TRUE(is_ready(pidfd.get()));
}

TEST(ChildStart, WorksWithOtherThreadsRunning) {
  std::jthread busy([](const std::stop_token& stop) {
    while (!stop.stop_requested()) std::string(1000, 'x').clear();
  });
  for (int i = 0; i < 50; ++i) ASSERT_EQ(status_of(command({"true"})), 0);
}

TEST(ChildExited, LeavesAZombieSoThatThePidStaysReserved) {
  auto child = Child::start(command({"sh", "-c", "exit 3"}));
  ASSERT_TRUE(child);
  ASSERT_TRUE(is_ready(child->pidfd()));
  for (int i = 0; i < 2; ++i) {
    const auto status = child->exited();
    ASSERT_TRUE(status);
    EXPECT_EQ(exit_status(*status), 3);
    EXPECT_TRUE(exists(child->pid()));
  }
  child->signal_group(SIGTERM);  // harmless to a zombie
  EXPECT_EQ(exit_status(child->reap()), 3);
  EXPECT_FALSE(exists(child->pid()));
  EXPECT_EQ(child->exited(), child->reap());
}

TEST(ChildExited, SaysNothingWhileItRuns) {
  auto child = Child::start(command({"sleep", "60"}));
  ASSERT_TRUE(child);
  EXPECT_FALSE(child->exited());
  child->signal_group(SIGTERM);
  ASSERT_TRUE(is_ready(child->pidfd()));
  EXPECT_EQ(fatal_signal(*child->exited()), SIGTERM);
  child->reap();
}

TEST(ChildExited, AChildThatSomebodyElseReapedCountsAsKilled) {
  auto child = Child::start(command({"true"}));
  ASSERT_TRUE(child);
  await(child->pid());
  EXPECT_EQ(fatal_signal(*child->exited()), SIGKILL);
}

TEST(ChildSignal, ReachesTheGroupOfAnEndedChildUntilItIsReaped) {
  Pipe pipe;
  ChildSpec spec = command({"sh", "-c", "sleep 60 & exit 0"});
  spec.output = pipe.write.get();
  auto child = Child::start(spec);
  pipe.write.reset();
  ASSERT_TRUE(child);
  ASSERT_TRUE(is_ready(child->pidfd()));
  EXPECT_FALSE(is_ready(pipe.read.get(), 0ms));  // the sleep has it still
  child->signal_group(SIGKILL);
  EXPECT_TRUE(is_ready(pipe.read.get()));
  child->reap();
  child->signal_group(SIGKILL);
  child->signal(SIGKILL);
}

TEST(ChildStopped, TellsEachStopOnce) {
  auto child = Child::start(command({"sleep", "60"}));
  ASSERT_TRUE(child);
  EXPECT_FALSE(child->stopped());
  child->signal(SIGTSTP);
  std::optional<int> stopped;
  EXPECT_TRUE(eventually([&] { return (stopped = child->stopped()).has_value(); }));
  EXPECT_EQ(stopped, SIGTSTP);
  EXPECT_FALSE(child->stopped());
  child->signal(SIGKILL);
  EXPECT_EQ(fatal_signal(child->reap()), SIGKILL);
}

TEST(ChildOf, WatchesOverAForkedProcess) {
  auto child = Child::of(fork_off([] { return 5; }));
  ASSERT_TRUE(child);
  EXPECT_EQ(exit_status(child->reap()), 5);
  EXPECT_FALSE(Child::of(-1));
}

TEST(ProgramPaths, FollowPath) {
  using Paths = std::vector<std::string>;
  EXPECT_EQ(program_paths("ls", Paths{"A=b", "PATH=/a:/b/", "PATH=/c"}), (Paths{"/a/ls", "/b/ls"}));
  EXPECT_EQ(program_paths("ls", Paths{"PATH=:/a:"}), (Paths{"./ls", "/a/ls", "./ls"}));
  EXPECT_EQ(program_paths("ls", Paths{"PATH="}), (Paths{"./ls"}));
  EXPECT_EQ(program_paths("ls", Paths{}), (Paths{"/bin/ls", "/usr/bin/ls"}));
  EXPECT_EQ(program_paths("./ls", Paths{"PATH=/a"}), (Paths{"./ls"}));
  EXPECT_EQ(program_paths("-d/ls", Paths{"PATH=/a"}), (Paths{"./-d/ls"}));
  EXPECT_EQ(program_paths("ls", Paths{"PATH=-d"}), (Paths{"./-d/ls"}));
  EXPECT_EQ(program_paths("", Paths{"PATH=/a"}), (Paths{""}));
}

}  // namespace
}  // namespace coord::proc
