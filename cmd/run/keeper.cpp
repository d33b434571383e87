#include "cmd/run/keeper.hpp"

#include <csignal>

#include "coord/proc/exit_status.hpp"
#include "coord/proc/reaper.hpp"

namespace coord::run {
namespace {

using namespace std::chrono_literals;

constexpr Duration kDouble = 2s;  // a second INT within it means "now"
constexpr Duration kToEnd = 3s;   // after which it has survived INT, TERM or QUIT

}  // namespace

void Keeper::look_after_command() {
  if (!command_) return proc::reap_orphans(0);
  proc::reap_orphans(command_->pid());
  if (command_->stopped()) stop_too();
  const auto status = command_->exited();
  if (!status) return;
  const bool restarts = policy_.is_stopping() && !is_asked();
  if (policy_.is_stopping() && command_->has_left_others()) return;
  command_->reap();
  command_.reset();
  policy_.on_gone();
  if (!restarts) end_ = end_of(*status);
}

Keeper::End Keeper::end_of(int status) const {
  End end{.status = proc::exit_status(status), .die_by = {}};
  const auto fatal = proc::fatal_signal(status);
  if (fatal && received_.contains(*fatal)) end.die_by = fatal;
  if (policy_.is_ending() || (fatal && is_asked())) end.die_by = asked_;
  return end;
}

void Keeper::stop_too() {
  const bool expected = std::exchange(stop_expected_, false);
  if (place_ == EventCommand::Place::our_group || expected) (void)raise(SIGSTOP);
}

void Keeper::take_signals() {
  while (const auto signal = signals_->next()) on_signal(*signal);
  look_after_command();
}

void Keeper::on_signal(const proc::Signal& signal) {
  if (signal.number == SIGCHLD) return;
  if (!command_) return on_signal_before(signal.number);
  received_.insert(signal.number);
  const BootTime now = BootClock::now();
  const bool asks = proc::ends_us(signal.number) && signal.number != SIGHUP;
  const bool again = signal.number == SIGINT && asked_ == SIGINT && now < asked_at_ + kDouble;
  if (asks) {
    asked_ = signal.number;
    asked_at_ = now;
    asked_until_ = after(now, kToEnd);
  }
  if (again) {
    policy_.end(now);
    policy_.end(now);
    return;
  }
  if (signal.number == SIGTSTP) stop_expected_ = true;
  if (!command_->has_had(signal)) command_->signal(signal.number);
}

void Keeper::on_signal_before(int number) {
  if (proc::ends_us(number)) end_ = End{.status = 128 + number, .die_by = number};
  if (number == SIGTSTP) (void)raise(SIGSTOP);
}

}  // namespace coord::run
