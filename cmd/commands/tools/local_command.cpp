#include "cmd/commands/tools/local_command.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <set>

#include "cmd/cli/exit_code.hpp"
#include "cmd/cli/settings.hpp"
#include "cmd/commands/tools/local_log.hpp"
#include "cmd/run/surroundings.hpp"
#include "coord/proc/environment.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/terminal.hpp"

namespace coord::commands {
namespace {

enum class Source { signals, etcd };

// What would lead CMD to another etcd, or into a session there.
constexpr const char* kElsewhere[] = {"cacert",
                                      "cert",
                                      "key",
                                      "server-name",
                                      "insecure-transport",
                                      "insecure-skip-tls-verify",
                                      "user",
                                      "password",
                                      "password-file",
                                      "discovery-srv",
                                      "discovery-srv-name",
                                      "insecure-discovery"};

proc::Environment environment_at(const std::string& endpoint) {
  proc::Environment environment(environ);
  for (const char* const prefix : {"COORD_", "ETCDCTL_"}) {
    for (const char* const name : kElsewhere) {
      environment.unset(cli::variable_name(prefix, name));
    }
    environment.set(cli::variable_name(prefix, "endpoints"), cli::join_csv({endpoint}));
  }
  environment.set("ETCDCTL_API", "3");
  environment.unset("COORD_SESSION");
  return environment;
}

Error has_ended(const LocalScratch& scratch) {
  return {Code::unavailable, "etcd has ended: " + last_words(scratch.places().log()), ""};
}

class Beside {
 public:
  Beside(proc::Child command, bool shares_terminal, proc::Signals& signals)
      : command_(std::move(command)), shares_terminal_(shares_terminal), signals_(&signals) {}

  Result<LocalEnd> run(LocalScratch& scratch, cli::Env& env) {
    poller_.watch(Source::signals, signals_->fd());
    poller_.watch(Source::etcd, scratch.etcd().pidfd());
    while (!command_.exited()) {
      COORD_TRY(poller_.wait());
      if (poller_.ready(Source::etcd)) {
        poller_.forget(Source::etcd);
        env.note("coord: local run: " + has_ended(scratch).message);
      }
      while (const auto signal = signals_->next()) pass_on(*signal);
      if (command_.stopped()) stop_too();
    }
    return result();
  }

 private:
  void pass_on(const proc::Signal& signal) {
    if (signal.number == SIGCHLD) return;
    received_.insert(signal.number);
    if (signal.number == SIGTSTP) stop_expected_ = true;
    // A key of the terminal went to the whole foreground group, CMD among it.
    if (shares_terminal_ && signal.from_kernel) return;
    if (shares_terminal_) {
      command_.signal(signal.number);
    } else {
      command_.signal_group(signal.number);
    }
  }

  void stop_too() {
    const bool expected = std::exchange(stop_expected_, false);
    if (shares_terminal_ || expected) (void)raise(SIGSTOP);
  }

  LocalEnd result() {
    const int status = command_.reap();
    LocalEnd end{.status = proc::exit_status(status)};
    const auto fatal = proc::fatal_signal(status);
    if (fatal && received_.contains(*fatal)) end.die_by = fatal;
    return end;
  }

  proc::Child command_;
  bool shares_terminal_;
  proc::Signals* signals_;
  proc::Poller<Source> poller_;
  std::set<int> received_;
  bool stop_expected_ = false;
};

}  // namespace

Result<LocalEnd> run_beside(LocalScratch& scratch, proc::Signals& signals, cli::Env& env) {
  const bool shares_terminal = proc::Terminal::controlling().has_value();
  proc::ChildSpec spec;
  spec.argv = *env.child();
  spec.environment = environment_at(scratch.places().endpoint()).list();
  spec.signals = signals.original();
  spec.group = shares_terminal ? proc::ChildSpec::Group::inherit : proc::ChildSpec::Group::own;
  auto command = proc::Child::start(spec);
  if (!command) return std::unexpected(run::start_failure(command.error()));
  return Beside(*std::move(command), shares_terminal, signals).run(scratch, env);
}

Result<LocalEnd> wait_beside(LocalScratch& scratch, proc::Signals& signals) {
  proc::Poller<Source> poller;
  poller.watch(Source::signals, signals.fd());
  poller.watch(Source::etcd, scratch.etcd().pidfd());
  for (;;) {
    COORD_TRY(poller.wait());
    while (const auto signal = signals.next()) {
      if (proc::ends_us(signal->number))
        return LocalEnd{cli::kSignalBase + signal->number, signal->number};
      if (signal->number == SIGTSTP) (void)raise(SIGSTOP);
    }
    if (poller.ready(Source::etcd)) return std::unexpected(has_ended(scratch));
  }
}

}  // namespace coord::commands
