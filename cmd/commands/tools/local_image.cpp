#include "cmd/commands/tools/local_image.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "cmd/commands/tools/local_process.hpp"

namespace coord::commands {
namespace {

std::vector<char*> pointers(std::vector<std::string> strings, std::vector<std::string>& keep) {
  keep = std::move(strings);
  std::vector<char*> list;
  list.reserve(keep.size() + 1);
  for (std::string& string : keep) list.push_back(string.data());
  list.push_back(nullptr);
  return list;
}

bool put(proc::Fd fd, int number) { return fd && dup2(fd.get(), number) == number; }

// If the parent ended before prctl() there is no signal to come any more.
bool die_with(pid_t parent) { return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent; }

bool take_files(const EtcdImage& image, int report) {
  constexpr int kMode = S_IRUSR | S_IWUSR;
  proc::Fd log(open(image.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, kMode));
  if (!log || dup2(log.get(), STDERR_FILENO) < 0) return false;
  if (!put(std::move(log), STDOUT_FILENO)) return false;
  if (!put(proc::Fd(open("/dev/null", O_RDONLY | O_CLOEXEC)), STDIN_FILENO)) return false;
  for (int fd = STDERR_FILENO + 1; fd < report; ++fd) close(fd);
  closefrom(report + 1);
  return true;
}

// In the child. Nothing once the program runs.
void become(const EtcdImage& image, pid_t parent, int report) {
  setsid();
  umask(S_IRWXG | S_IRWXO);
  if (image.record.empty() && !die_with(parent)) return;
  if (!image.record.empty() && !LocalProcess::write_own(image.record)) return;
  if (chdir(image.folder.c_str()) != 0 || !take_files(image, report)) return;
  std::vector<std::string> words;
  std::vector<std::string> variables;
  const auto argv = pointers(image.words, words);
  const auto environment = pointers(image.environment, variables);
  proc::SignalState().restore();
  execve(image.program.c_str(), argv.data(), environment.data());
}

// The errno of what went wrong; 0 once the program runs, which closes the pipe.
int read_failure(int report) {
  int failure = 0;
  while (read(report, &failure, sizeof failure) < 0 && errno == EINTR) {
  }
  return failure;
}

}  // namespace

Result<proc::Child> fork_etcd(const EtcdImage& image) {
  const std::string what = "cannot start '" + image.program + "'";
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(proc::os_error(what, errno));
  const proc::Fd from_child(ends[0]);
  proc::Fd to_parent(ends[1]);
  const pid_t self = getpid();
  const pid_t pid = fork();
  if (pid == 0) {
    become(image, self, to_parent.get());
    const int number = errno == 0 ? EIO : errno;
    (void)!write(to_parent.get(), &number, sizeof number);
    _exit(1);
  }
  if (pid < 0) return std::unexpected(proc::os_error(what, errno));
  to_parent.reset();
  COORD_TRY_INTO(proc::Child child, proc::Child::of(pid));
  if (const int failure = read_failure(from_child.get()); failure != 0) {
    (void)child.reap();
    return std::unexpected(proc::os_error(what, failure));
  }
  return child;
}

}  // namespace coord::commands
