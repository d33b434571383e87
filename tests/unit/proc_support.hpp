// What the tests of proc share: bounded waits, and experiments in a process of their own that
// leaves nothing behind.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "coord/base/clock.hpp"
#include "coord/proc/child.hpp"
#include "coord/proc/fd.hpp"

namespace coord::proc::testing {

using namespace std::chrono_literals;

inline constexpr auto kPatience =
    20s;  // no test waits longer for anything; what it started ends by itself then

// Forks; the child runs BODY and exits with what it returns. It dies with the test and after
// kPatience at the latest.
template <typename Body>
pid_t fork_off(const Body& body) {
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid != 0) return pid;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(99);
  alarm(static_cast<unsigned>(std::chrono::seconds(kPatience).count()));
  _exit(body());
}

inline int await(pid_t pid) {
  int status = -1;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// The exit code of BODY, run in a process of its own; 128 + n if that died.
template <typename Body>
int in_fork(const Body& body) {
  const int status = await(fork_off(body));
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Asks again and again, with a short rest in between, until CONDITION holds or patience ends.
inline bool eventually(const std::function<bool()>& condition) {
  const BootTime until = BootClock::now() + kPatience;
  while (!condition()) {
    if (BootClock::now() > until) return false;
    (void)poll(nullptr, 0, 2);
  }
  return true;
}

inline bool is_ready(int fd, std::chrono::milliseconds limit = kPatience) {
  pollfd one{fd, POLLIN, 0};
  return poll(&one, 1, static_cast<int>(limit.count())) == 1;
}

inline Fd open_pidfd(pid_t pid) { return Fd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))); }

inline bool exists(pid_t pid) { return kill(pid, 0) == 0 || errno != ESRCH; }

struct Pipe {
  Fd read;
  Fd write;

  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
};

// Until the other end is closed, or patience ends.
inline std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> part{};
  while (is_ready(fd)) {
    const ssize_t got = read(fd, part.data(), part.size());
    if (got <= 0) break;
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  return text;
}

inline void write_pid(int fd, pid_t pid) { (void)!write(fd, &pid, sizeof pid); }

inline pid_t read_pid(int fd) {
  pid_t pid = -1;
  if (is_ready(fd)) (void)!read(fd, &pid, sizeof pid);
  return pid;
}

inline ChildSpec command(std::vector<std::string> argv) {
  ChildSpec spec;
  spec.argv = std::move(argv);
  spec.environment = {"PATH=/usr/bin:/bin"};
  return spec;
}

// What the command writes to its stdout; it must have started.
inline std::string output_of(ChildSpec spec) {
  Pipe pipe;
  spec.output = pipe.write.get();
  auto child = Child::start(spec);
  if (!child) return "not started: " + child.error().error.message;
  pipe.write.reset();
  std::string text = read_all(pipe.read.get());
  child->signal(SIGKILL);
  child->reap();
  return text;
}

class Folder {
 public:
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "proc-test-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& name, const std::string& text, int mode) const {
    const std::filesystem::path path = path_ / name;
    std::ofstream(path) << text;
    std::filesystem::permissions(path, static_cast<std::filesystem::perms>(mode));
    return path;
  }
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace coord::proc::testing
