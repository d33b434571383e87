#include "coord/proc/signals.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace coord::proc {
namespace {

constexpr int kActedOn[] = {SIGINT,  SIGTERM,  SIGHUP,  SIGQUIT, SIGUSR1,
                            SIGUSR2, SIGWINCH, SIGTSTP, SIGCONT};

bool ignores_pipe_itself = false;  // we, and not whoever started us

sigset_t heard(const SignalState& original) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : kActedOn) {
    if (sigismember(&original.ignored, signal) != 1) sigaddset(&set, signal);
  }
  sigaddset(&set, SIGCHLD);
  return set;
}

}  // namespace

void ignore_broken_pipes() {
  if (std::signal(SIGPIPE, SIG_IGN) == SIG_DFL) ignores_pipe_itself = true;
}

SignalState SignalState::current() {
  SignalState state;
  pthread_sigmask(SIG_SETMASK, nullptr, &state.mask);
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action{};
    if (sigaction(signal, nullptr, &action) != 0) continue;
    if (action.sa_handler == SIG_IGN) sigaddset(&state.ignored, signal);
  }
  return state;
}

void SignalState::restore() const noexcept {
  for (int signal = 1; signal < NSIG; ++signal) {
    struct sigaction action{};
    action.sa_handler = sigismember(&ignored, signal) == 1 ? SIG_IGN : SIG_DFL;
    sigaction(signal, &action,
              nullptr);  // fails for KILL, STOP and libc's own two: nothing to restore there
  }
  pthread_sigmask(SIG_SETMASK, &mask, nullptr);
}

SignalState inherited_signals() {
  SignalState state = SignalState::current();
  if (ignores_pipe_itself) sigdelset(&state.ignored, SIGPIPE);
  return state;
}

Result<Signals> Signals::take() {
  Signals signals;
  signals.original_ = inherited_signals();
  const sigset_t read = heard(signals.original_);
  sigset_t blocked = read;
  sigaddset(&blocked, SIGTTIN);
  sigaddset(&blocked, SIGTTOU);
  pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGCHLD, SIG_DFL);
  signals.fd_.reset(signalfd(-1, &read, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals.fd_) return std::unexpected(os_error("cannot listen for signals", errno));
  return signals;
}

std::optional<Signal> Signals::next() {
  signalfd_siginfo info{};
  ssize_t got = 0;
  do {
    got = read(fd_.get(), &info, sizeof info);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof info) return std::nullopt;
  return Signal{static_cast<int>(info.ssi_signo), static_cast<pid_t>(info.ssi_pid),
                info.ssi_code == SI_KERNEL};
}

bool ends_us(int number) {
  return number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGQUIT;
}

}  // namespace coord::proc
