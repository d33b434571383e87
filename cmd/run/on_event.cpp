#include "cmd/run/on_event.hpp"

#include "cmd/cli/report.hpp"
#include "cmd/run/event_runner.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/reaper.hpp"

namespace coord::run {

Result<int> EventRunner::run() {
  poller_.watch(Source::signals, signals_->fd());
  poller_.watch(Source::news, source_.fd());
  poller_.watch(Source::settled, settled_.fd());
  poller_.watch(Source::timer, timer_.fd());
  while (!is_over()) {
    COORD_TRY(poller_.wait());
    (void)timer_.fired();
    if (poller_.ready(Source::signals)) take_signals();
    if (poller_.ready(Source::settled)) take_settled();
    if (poller_.ready(Source::news)) source_.clear();
    hear();
    act();
    timer_.set(policy_.next_time());
  }
  if (error_) return std::unexpected(*error_);
  return status_;
}

bool EventRunner::is_over() const {
  return !policy_.is_busy() && (policy_.is_ending() || (source_ended_ && waiting_.empty()));
}

void EventRunner::fail_with(Error error) {
  if (!error_) error_ = std::move(error);
  end();
}

void EventRunner::hear() {
  while (policy_.has_room()) {
    auto event = source_.take();
    if (!event) break;
    const auto kept = policy_.on_event(BootClock::now());
    if (kept == BusyPolicy::Kept::instead) waiting_.clear();
    if (kept != BusyPolicy::Kept::no) waiting_.push_back(*std::move(event));
  }
  if (source_ended_) return;
  const auto ended = source_.ended();
  if (!ended) return;
  source_ended_ = true;
  if (*ended) return;
  if (options_.busy.on_busy != OnBusy::queue) return fail_with(ended->error());
  if (!error_) error_ = ended->error();
}

void EventRunner::act() {
  for (;;) {
    switch (policy_.step(BootClock::now())) {
      case BusyPolicy::Step::none:
        return;
      case BusyPolicy::Step::start:
        if (!start()) return;
        break;
      case BusyPolicy::Step::signal:
        waiting_.clear();
        if (command_) command_->signal(options_.busy.signal);
        break;
      case BusyPolicy::Step::term:
        if (command_) command_->stop();
        break;
      case BusyPolicy::Step::kill:
        if (command_) command_->kill();
        look_after_command();
        if (settling_) settling_->cancel();
        break;
    }
  }
}

bool EventRunner::start() {
  Event event = std::move(waiting_.front());
  waiting_.pop_front();
  if (const auto started = start_for(event); !started) {
    fail_with(started.error());
    return false;
  }
  policy_.on_started();
  if (!command_) policy_.on_gone();
  hear();  // there is room again
  return true;
}

Result<> EventRunner::start_for(Event& event) {
  if (event.begin) COORD_TRY(event.begin());
  if (!event.runs) return {};
  COORD_TRY_INTO(EventCommand command, EventCommand::start(*env_, *signals_, event));
  command_.emplace(std::move(command));
  name_ = event.argv.empty() ? env_->child()->front() : event.argv.front();
  done_ = std::move(event.done);
  return {};
}

Result<int> on_event(cli::Env& env, const std::string& what, NextEvent next, EventOptions options) {
  COORD_TRY(env.connection());  // asks for a password, if it must, before there are threads
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  COORD_TRY_INTO(proc::Timer timer, proc::Timer::create());
  COORD_TRY(proc::become_subreaper());
  std::optional<int> signal;
  Result<int> result;
  {
    EventRunner runner(env, what, std::move(next), options, signals, std::move(timer));
    result = runner.run();
    signal = runner.ended_by();
  }
  if (!signal) return result;
  if (!result) env.note(cli::spoken(result.error(), env.color()));
  return proc::die_by_signal(*signal);
}

}  // namespace coord::run
