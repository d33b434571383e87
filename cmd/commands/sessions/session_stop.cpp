#include <fcntl.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/process_variable.hpp"
#include "cmd/commands/sessions/session.hpp"
#include "coord/base/layout.hpp"
#include "coord/etcd/lease.hpp"
#include "coord/proc/fd.hpp"
#include "coord/proc/poller.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

constexpr Duration kStopLimit = 5s;

// The process in the background that keeps the session: told to end, it gives back in order. False
// when there is none any more, or it is somebody else's number by now.
bool end_keeper(pid_t pid) {
  const proc::Fd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (process.get() < 0) return false;
  std::error_code failed;
  const auto theirs = std::filesystem::read_symlink(fmt::format("/proc/{}/exe", pid), failed);
  const auto ours = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed || theirs.filename() != ours.filename()) return false;
  if (syscall(SYS_pidfd_send_signal, process.get(), SIGTERM, nullptr, 0) != 0) return false;
  pollfd ended{process.get(), POLLIN, 0};
  return proc::poll_until({&ended, 1}, after(BootClock::now(), kStopLimit)).value_or(false);
}

pid_t keeper() {
  const std::string text = cli::variable_text("COORD_SESSION_PID");
  return static_cast<pid_t>(std::strtol(text.c_str(), nullptr, 10));
}

}  // namespace

Result<int> run_session_stop(cli::Env& env) {
  COORD_TRY_INTO(const auto lease, session_lease(env));
  if (!lease)
    return fail(Code::usage, "session stop: there is no session",
                "COORD_SESSION names it; 'coord session start' prints it");
  if (const pid_t pid = keeper(); pid > 1) end_keeper(pid);
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto revoked = etcd::Lease(*client).revoke(env.context(), *lease);
  if (!revoked && revoked.error().code != Code::not_found)
    return std::unexpected(in_context("session stop", revoked.error()));
  env.out().write("unset COORD_SESSION COORD_SESSION_PID;\n");
  return cli::kDone;
}

}  // namespace coord::commands
