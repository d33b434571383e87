#include "cmd/run/on_event.hpp"

#include <fmt/format.h>

#include <csignal>
#include <mutex>
#include <optional>
#include <thread>

#include "cmd/cli/exit_code.hpp"
#include "cmd/run/surroundings.hpp"
#include "coord/base/notifier.hpp"
#include "coord/proc/child.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/signals.hpp"
#include "coord/proc/timer.hpp"

namespace coord::run {
namespace {

constexpr Duration kGrace = std::chrono::seconds{3};  // between TERM and KILL

// What the source has said last: a newer event takes the place of one that nobody has taken.
class Newest {
 public:
  explicit Newest(NextEvent next)
      : thread_([this, next = std::move(next)](const std::stop_token& stop) { run(next, stop); }) {}

  int fd() const { return said_.fd(); }
  void clear() { said_.clear(); }

  std::optional<Event> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(event_, std::nullopt);
  }
  std::optional<Error> error() {
    const std::lock_guard lock(mutex_);
    return error_;
  }

 private:
  void run(const NextEvent& next, const std::stop_token& stop) {
    for (bool goes_on = true; goes_on;) {
      auto event = next(Context(stop));
      goes_on = event.has_value();
      {
        const std::lock_guard lock(mutex_);
        if (goes_on) {
          event_ = *std::move(event);
        } else {
          error_ = std::move(event).error();
        }
      }
      said_.post();
    }
  }

  Notifier said_;
  std::mutex mutex_;
  std::optional<Event> event_;
  std::optional<Error> error_;
  std::jthread thread_;
};

enum class Source { signals, news, timer };

class Runner {
 public:
  Runner(cli::Env& env, const std::string& what, NextEvent next, proc::Signals& signals,
         proc::Timer timer)
      : env_(&env),
        what_(&what),
        signals_(&signals),
        timer_(std::move(timer)),
        newest_(std::move(next)) {}

  // Until there is nothing more to do: ended_by() or an error.
  Result<> run() {
    poller_.watch(Source::signals, signals_->fd());
    poller_.watch(Source::news, newest_.fd());
    poller_.watch(Source::timer, timer_.fd());
    for (;;) {
      if (!child_ && ended_by_) return {};
      if (!child_ && error_) return std::unexpected(*error_);
      COORD_TRY(poller_.wait());
      if (timer_.fired() && child_) child_->signal_group(SIGKILL);
      if (poller_.ready(Source::signals)) take_signals();
      if (poller_.ready(Source::news)) hear();
      start();
    }
  }

  int ended_by() const { return *ended_by_; }

 private:
  void hear() {
    newest_.clear();
    const auto error = newest_.error();
    if (!error || error_) return;
    error_ = error;
    stop_command();
  }

  void start() {
    if (child_ || ended_by_ || error_) return;
    const auto event = newest_.take();
    if (!event) return;
    auto spec = spec_for(*event);
    if (!spec) {
      error_ = spec.error();
      return;
    }
    auto child = proc::Child::start(*spec);
    if (child) return void(child_.emplace(*std::move(child)));
    error_ = start_failure(child.error());
  }

  Result<proc::ChildSpec> spec_for(const Event& event) {
    COORD_TRY_INTO(proc::Environment environment, child_environment(*env_, false));
    for (const auto& [name, value] : event.variables) environment.set(name, value);
    proc::ChildSpec spec;
    spec.argv = *env_->child();
    spec.environment = environment.list();
    spec.signals = signals_->original();
    spec.input = event.input.get();
    return spec;
  }

  void take_signals() {
    while (const auto signal = signals_->next()) on_signal(signal->number);
    const auto status = child_ ? child_->exited() : std::nullopt;
    if (!status) return;
    child_->reap();
    child_.reset();
    timer_.disarm();
    if (*status != 0 && !ended_by_ && !error_) tell_failure(*status);
  }

  void tell_failure(int status) {
    const auto fatal = proc::fatal_signal(status);
    env_->note(fmt::format("coord: {}: {} {} {}", *what_, env_->child()->front(),
                           fatal ? "died of signal" : "exited with",
                           fatal ? *fatal : proc::exit_status(status)));
  }

  void on_signal(int number) {
    switch (number) {
      case SIGCHLD:
        break;
      case SIGINT:
      case SIGTERM:
      case SIGHUP:
      case SIGQUIT:
        if (ended_by_ && child_) child_->signal_group(SIGKILL);
        if (!ended_by_) ended_by_ = number;
        stop_command();
        break;
      case SIGTSTP:
        if (child_) child_->signal_group(SIGTSTP);
        (void)raise(SIGSTOP);
        break;
      default:
        if (child_) child_->signal_group(number);
    }
  }

  void stop_command() {
    if (!child_ || timer_.time() != kNever) return;
    child_->signal_group(SIGTERM);
    child_->signal_group(SIGCONT);  // who is stopped hears nothing else
    timer_.set(after(BootClock::now(), kGrace));
  }

  cli::Env* env_;
  const std::string* what_;
  proc::Signals* signals_;
  proc::Timer timer_;
  proc::Poller<Source> poller_;
  std::optional<proc::Child> child_;
  std::optional<int> ended_by_;
  std::optional<Error> error_;
  Newest newest_;  // last: its thread ends first
};

}  // namespace

Result<int> on_event(cli::Env& env, const std::string& what, NextEvent next) {
  COORD_TRY(env.connection());  // asks for a password, if it must, before there are threads
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  COORD_TRY_INTO(proc::Timer timer, proc::Timer::create());
  int signal = 0;
  {
    Runner runner(env, what, std::move(next), signals, std::move(timer));
    COORD_TRY(runner.run());
    signal = runner.ended_by();
  }
  return proc::die_by_signal(signal);
}

}  // namespace coord::run
