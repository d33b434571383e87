#include "coord/proc/child.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "coord/proc/exit_status.hpp"

namespace coord::proc {

Result<Child> Child::of(pid_t forked) {
  Fd pidfd(static_cast<int>(syscall(SYS_pidfd_open, forked, 0)));
  if (!pidfd) return std::unexpected(os_error("cannot watch over a child", errno));
  return Child(forked, std::move(pidfd), false);
}

std::optional<int> Child::await(int options) {
  siginfo_t info{};
  int failed = 0;
  do {
    failed = waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, options);
  } while (failed != 0 && errno == EINTR);
  if (failed != 0) return W_EXITCODE(0, SIGKILL);  // ECHILD: somebody has reaped it
  if (info.si_pid == 0) return std::nullopt;
  return wait_status(info);
}

std::optional<int> Child::exited() {
  if (!status_) status_ = await(WEXITED | WNOWAIT | WNOHANG);
  return status_;
}

std::optional<int> Child::stopped() {
  siginfo_t info{};
  const auto id = static_cast<id_t>(pidfd_.get());
  if (waitid(P_PIDFD, id, &info, WSTOPPED | WNOHANG) != 0 || info.si_pid == 0) return std::nullopt;
  return info.si_status;
}

int Child::reap() {
  if (!status_) status_ = await(WEXITED | WNOWAIT);
  siginfo_t ignored{};
  (void)waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &ignored, WEXITED | WNOHANG);
  return *status_;
}

bool Child::is_reserved() const {
  siginfo_t ignored{};
  const auto id = static_cast<id_t>(pidfd_.get());
  return waitid(P_PIDFD, id, &ignored, WEXITED | WNOWAIT | WNOHANG) == 0;
}

void Child::signal(int number) const {
  (void)syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0);
}

void Child::signal_group(int number) const {
  if (own_group_ && is_reserved()) kill(-pid_, number);
}

}  // namespace coord::proc
