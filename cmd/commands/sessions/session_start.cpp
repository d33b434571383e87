// The session of a shell that goes on meanwhile, as ssh-agent's. A process in the background, in a
// session of its own (setsid), holds as `lock` without CMD does, until the shell is gone.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>

#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/sessions/session.hpp"
#include "cmd/commands/sessions/session_claim.hpp"
#include "cmd/run/hold.hpp"
#include "coord/base/layout.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/fd.hpp"
#include "coord/proc/poller.hpp"

namespace coord::commands {
namespace {

struct Pipe {
  proc::Fd read;
  proc::Fd write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(proc::os_error("pipe", errno));
  return Pipe{proc::Fd(ends[0]), proc::Fd(ends[1])};
}

// Both go to the pipes of the shell's coord, so that `$(…)` sees their end when that one ends.
void redirect(const Pipe& out, const Pipe& err) {
  const proc::Fd nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  (void)dup2(nothing.get(), STDIN_FILENO);
  (void)dup2(out.write.get(), STDOUT_FILENO);
  (void)dup2(err.write.get(), STDERR_FILENO);
}

// In the background: the session's guardian.
Result<int> keep(const SessionStartOptions& options, cli::Env& env, const proc::Fd& shell) {
  (void)setsid();
  COORD_TRY_INTO(run::Plan plan, plan_for(options.hold, env));
  plan.timeout = Duration{0};  // there is nobody to wait for
  plan.claim = std::make_unique<SessionClaim>(describe_us(options.hold, env));
  if (!options.detach) plan.until_fd = shell.get();
  auto status = run::hold(std::move(plan), env);
  const bool lost = !status && status.error().code == Code::lost;
  // A script must not go on without what it has taken. An interactive shell ignores it.
  if (lost && !options.detach)
    (void)syscall(SYS_pidfd_send_signal, shell.get(), SIGTERM, nullptr, 0);
  return status;
}

// What the keeper says until its session stands (one line, the session's key) or it has ended.
std::string first_line(const Pipe& out, const Pipe& err) {
  enum class Source { said, told };
  proc::Poller<Source> poller;
  poller.watch(Source::said, out.read.get());
  poller.watch(Source::told, err.read.get());
  std::string line;
  std::array<char, 4096> bytes{};
  while (!line.contains('\n') && poller.wait()) {
    if (poller.ready(Source::told)) {
      const auto count = read(err.read.get(), bytes.data(), bytes.size());
      if (count > 0) (void)!write(STDERR_FILENO, bytes.data(), static_cast<std::size_t>(count));
      if (count <= 0) poller.forget(Source::told);
    }
    if (poller.ready(Source::said)) {
      const auto count = read(out.read.get(), bytes.data(), bytes.size());
      if (count <= 0) break;
      line.append(bytes.data(), static_cast<std::size_t>(count));
    }
  }
  return line.substr(0, line.find('\n'));
}

int show(cli::Env& env, std::int64_t lease, pid_t keeper) {
  const std::string id = layout::lease_hex(lease);
  out::Record record;
  record.add("session", "Session", out::Text{id}).add("pid", "Pid", std::int64_t{keeper});
  record.line(fmt::format("COORD_SESSION={}; export COORD_SESSION;", id));
  record.line(fmt::format("COORD_SESSION_PID={}; export COORD_SESSION_PID;", keeper));
  env.print(record);
  return cli::kDone;
}

}  // namespace

Result<int> run_session_start(const SessionStartOptions& options, cli::Env& env) {
  const proc::Fd shell(static_cast<int>(syscall(SYS_pidfd_open, getppid(), 0)));
  if (shell.get() < 0) return std::unexpected(proc::os_error("pidfd_open", errno));
  COORD_TRY(env.connection());  // may ask for a password on this terminal
  COORD_TRY_INTO(Pipe out, make_pipe());
  COORD_TRY_INTO(Pipe err, make_pipe());
  const pid_t pid = fork();
  if (pid < 0) return std::unexpected(proc::os_error("fork", errno));
  if (pid == 0) {
    redirect(out, err);
    out = {};
    err = {};
    return keep(options, env, shell);
  }
  out.write = {};
  err.write = {};
  const std::string key = first_line(out, err);
  if (const auto lease = layout::parse_session_key(key)) return show(env, *lease, pid);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return proc::exit_status(status);  // it has said why
}

}  // namespace coord::commands
