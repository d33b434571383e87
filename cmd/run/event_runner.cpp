#include "cmd/run/event_runner.hpp"

#include <fmt/format.h>

#include <csignal>

#include "coord/proc/exit_status.hpp"
#include "coord/proc/reaper.hpp"

namespace coord::run {

void EventRunner::look_after_command() {
  if (!command_) return proc::reap_orphans(0);
  proc::reap_orphans(command_->pid());
  const auto status = command_->exited();
  if (!status) return;
  if (policy_.is_stopping() && command_->has_left_others()) return;
  const bool by_itself = !policy_.is_stopping();
  command_->reap();
  command_.reset();
  if (*status != 0 && by_itself) on_failure(*status);
  if (!done_) return policy_.on_gone();
  settling_.emplace([this, status = *status](const Context& ctx) { return done_(ctx, status); },
                    settled_);
}

void EventRunner::on_failure(int status) {
  const auto fatal = proc::fatal_signal(status);
  env_->note(fmt::format("coord: {}: {} {} {}", *what_, name_,
                         fatal ? "died of signal" : "exited with",
                         fatal ? *fatal : proc::exit_status(status)));
  if (!options_.failure_ends) return;
  status_ = proc::exit_status(status);
  end();
}

void EventRunner::take_settled() {
  settled_.clear();
  const auto result = settling_->take();
  if (!result) return;
  settling_.reset();
  done_ = nullptr;
  policy_.on_gone();
  if (!*result) fail_with(result->error());
}

void EventRunner::take_signals() {
  while (const auto signal = signals_->next()) on_signal(signal->number);
  look_after_command();
}

void EventRunner::on_signal(int number) {
  if (number == SIGCHLD) return;
  if (proc::ends_us(number)) {
    if (!ended_by_) ended_by_ = number;
    return end();
  }
  if (command_) command_->signal(number);
  if (number == SIGTSTP) (void)raise(SIGSTOP);
}

}  // namespace coord::run
