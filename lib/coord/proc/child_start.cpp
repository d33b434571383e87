// Child::start(): fork and exec by hand. become(): exec alone.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "coord/base/bytes.hpp"
#include "coord/proc/child.hpp"
#include "coord/proc/image.hpp"
#include "coord/proc/program.hpp"

namespace coord::proc {
namespace {

struct Pipe {
  Fd read;
  Fd write;
};

// Clear of 0, 1 and 2, over which the child may put its own.
Fd above_standard(Fd fd) {
  if (fd.get() > STDERR_FILENO) return fd;
  return Fd(fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
}

std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  Pipe pipe{Fd(ends[0]), Fd(ends[1])};
  pipe.write = above_standard(std::move(pipe.write));
  if (!pipe.write) return std::nullopt;
  return pipe;
}

// With every signal blocked, so that none is handled in the child while it still shares our memory.
// vfork(), because to copy the page tables of a process with gRPC in it, and then each page that
// any of its threads writes to, takes longer than all the rest; and the handlers of
// pthread_atfork() have no business in a child that only executes another program. This thread
// stands still until then.
pid_t fork_into(Image& image, const ChildSpec& spec, int report) {
  const pid_t parent = getpid();
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = vfork();  // NOLINT(bugprone-unsafe-functions): Image::become() is made for it
  if (pid == 0) image.become(spec, parent, report);
  const int number = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = number;
  return pid;
}

// Nothing once the program runs, which closes the pipe.
std::optional<Image::Failure> read_failure(int report) {
  Image::Failure failure;
  ssize_t got = 0;
  do {
    got = read(report, &failure, sizeof failure);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof failure) return std::nullopt;
  return failure;
}

std::unexpected<StartError> refuse(Error error, std::optional<int> status = std::nullopt) {
  return std::unexpected(StartError{std::move(error), status});
}

std::string starting(const ChildSpec& spec) {
  return fmt::format("cannot start '{}'", printable(spec.argv.front()));
}

std::optional<StartError> check(const ChildSpec& spec) {
  if (spec.argv.empty()) {
    return StartError{{Code::internal, "cannot start a command without a name", {}}, {}};
  }
  if (gettid() == getpid()) return std::nullopt;
  return StartError{{Code::internal, starting(spec) + ": not the main thread", {}}, {}};
}

void await_end(pid_t pid) {
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

StartError explain(const ChildSpec& spec, const Image& image, const Image::Failure& failure) {
  if (!failure.in_exec) return {os_error(starting(spec), failure.number), {}};
  return {exec_error(spec.argv.front(), image.paths(), failure.number),
          exec_exit_status(failure.number)};
}

}  // namespace

std::expected<Child, StartError> Child::start(const ChildSpec& spec) {
  if (auto error = check(spec)) return std::unexpected(*std::move(error));
  std::optional<Pipe> pipe = make_pipe();
  if (!pipe) return refuse(os_error(starting(spec), errno));
  Image image(spec);
  const pid_t pid = fork_into(image, spec, pipe->write.get());
  if (pid < 0) return refuse(os_error(starting(spec), errno));
  pipe->write.reset();
  const bool own_group = spec.group == ChildSpec::Group::own;
  if (own_group)
    setpgid(pid, pid);  // in both: whoever comes first. Fails after exec, and is not needed then
  auto child = Child::of(pid);
  if (!child) {
    kill(pid, SIGKILL);
    await_end(pid);
    return refuse(std::move(child).error());
  }
  if (const auto failure = read_failure(pipe->read.get())) {
    await_end(pid);
    return std::unexpected(explain(spec, image, *failure));
  }
  child->own_group_ = own_group;
  return *std::move(child);
}

StartError become(const ChildSpec& spec) {
  Image image(spec);
  const int number = image.replace(spec);
  return explain(spec, image, {true, number});
}

}  // namespace coord::proc
