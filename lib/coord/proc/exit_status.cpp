#include "coord/proc/exit_status.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>

namespace coord::proc {
namespace {

constexpr int kSignalled = 128;  // what a shell adds to a signal's number

// Their default action is to do nothing, to stop or to continue.
bool leaves_us_alive(int signal) {
  switch (signal) {
    case SIGCHLD:
    case SIGCONT:
    case SIGURG:
    case SIGWINCH:
    case SIGSTOP:
    case SIGTSTP:
    case SIGTTIN:
    case SIGTTOU:
      return true;
    default:
      return false;
  }
}

// Both, because a core_pattern that is a pipe pays no heed to the limit.
void drop_core() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace

int wait_status(const siginfo_t& info) {
  if (info.si_code == CLD_EXITED) return W_EXITCODE(info.si_status, 0);
  return info.si_code == CLD_DUMPED ? info.si_status | WCOREFLAG : info.si_status;
}

int exit_status(int wait_status) {
  return WIFSIGNALED(wait_status) ? kSignalled + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

std::optional<int> fatal_signal(int wait_status) {
  if (!WIFSIGNALED(wait_status)) return std::nullopt;
  return WTERMSIG(wait_status);
}

int die_by_signal(int signal) {
  if (leaves_us_alive(signal)) return kSignalled + signal;
  drop_core();
  std::signal(signal, SIG_DFL);
  sigset_t just_this;
  sigemptyset(&just_this);
  sigaddset(&just_this, signal);
  raise(signal);
  pthread_sigmask(SIG_UNBLOCK, &just_this, nullptr);  // where it was blocked, it ends us here
  return kSignalled + signal;
}

}  // namespace coord::proc
