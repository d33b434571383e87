#include "cmd/run/on_event.hpp"

#include <fmt/format.h>

#include <csignal>
#include <deque>
#include <optional>
#include <thread>

#include "cmd/run/command.hpp"
#include "cmd/run/outcome.hpp"
#include "coord/base/notifier.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/reaper.hpp"
#include "coord/proc/signals.hpp"
#include "coord/proc/timer.hpp"

namespace coord::run {
namespace {

enum class Source { signals, news, settled, timer };

class Runner {
 public:
  Runner(cli::Env& env, const std::string& what, NextEvent next, const EventOptions& options,
         proc::Signals& signals, proc::Timer timer)
      : env_(&env),
        what_(&what),
        options_(options),
        signals_(&signals),
        timer_(std::move(timer)),
        policy_(options.busy),
        source_(std::move(next)) {}
  ~Runner() { settling_.request_stop(); }
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // Until there is nothing more to do: ended_by(), an exit status, or an error.
  Result<int> run() {
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

  std::optional<int> ended_by() const { return ended_by_; }

 private:
  bool is_over() const {
    return !policy_.is_busy() && (policy_.is_ending() || (source_ended_ && waiting_.empty()));
  }

  void end() { policy_.end(BootClock::now()); }

  void fail_with(Error error) {
    if (!error_) error_ = std::move(error);
    end();
  }

  // --- events ---

  void hear() {
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

  void act() {
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
          if (command_) command_->signal(SIGKILL);
          settling_.request_stop();
          look_after_command();
          break;
      }
    }
  }

  bool start() {
    Event event = std::move(waiting_.front());
    waiting_.pop_front();
    auto command = Command::start(*env_, *signals_, event.variables, event.input.get());
    if (!command) {
      fail_with(command.error());
      return false;
    }
    command_.emplace(*std::move(command));
    done_ = std::move(event.done);
    policy_.on_started();
    hear();  // there is room again
    return true;
  }

  // --- CMD's end ---

  void look_after_command() {
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
    settler_ = std::jthread([this, status = *status, stop = settling_.get_token()] {
      settlement_ = done_(Context(stop), status);
      settled_.post();
    });
  }

  void on_failure(int status) {
    const auto fatal = proc::fatal_signal(status);
    env_->note(fmt::format("coord: {}: {} {} {}", *what_, env_->child()->front(),
                           fatal ? "died of signal" : "exited with",
                           fatal ? *fatal : proc::exit_status(status)));
    if (!options_.failure_ends) return;
    status_ = proc::exit_status(status);
    end();
  }

  void take_settled() {
    settled_.clear();
    settler_.join();
    done_ = nullptr;
    policy_.on_gone();
    if (!settlement_) fail_with(settlement_.error());
  }

  // --- signals ---

  void take_signals() {
    while (const auto signal = signals_->next()) on_signal(signal->number);
    look_after_command();
  }

  void on_signal(int number) {
    if (number == SIGCHLD) return;
    if (proc::ends_us(number)) {
      if (!ended_by_) ended_by_ = number;
      return end();
    }
    if (command_) command_->signal(number);
    if (number == SIGTSTP) (void)raise(SIGSTOP);
  }

  cli::Env* env_;
  const std::string* what_;
  EventOptions options_;
  proc::Signals* signals_;
  proc::Timer timer_;
  proc::Poller<Source> poller_;
  BusyPolicy policy_;
  std::deque<Event> waiting_;
  std::optional<Command> command_;
  Done done_;  // of the event that CMD runs for
  std::optional<int> ended_by_;
  std::optional<Error> error_;
  int status_ = 0;
  bool source_ended_ = false;
  Notifier settled_;
  std::stop_source settling_;
  Result<> settlement_;
  std::jthread settler_;
  EventSource source_;  // last: its thread ends first
};

}  // namespace

Result<int> on_event(cli::Env& env, const std::string& what, NextEvent next, EventOptions options) {
  COORD_TRY(env.connection());  // asks for a password, if it must, before there are threads
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  COORD_TRY_INTO(proc::Timer timer, proc::Timer::create());
  COORD_TRY(proc::become_subreaper());
  std::optional<int> signal;
  Result<int> result;
  {
    Runner runner(env, what, std::move(next), options, signals, std::move(timer));
    result = runner.run();
    signal = runner.ended_by();
  }
  if (!signal) return result;
  if (!result) env.note(told(result.error(), env));
  return proc::die_by_signal(*signal);
}

}  // namespace coord::run
