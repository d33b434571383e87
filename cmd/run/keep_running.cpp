#include "cmd/run/keep_running.hpp"

#include <fmt/format.h>

#include <csignal>
#include <optional>
#include <set>

#include "cmd/run/event_command.hpp"
#include "cmd/run/outcome.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/reaper.hpp"
#include "coord/proc/terminal.hpp"
#include "coord/proc/timer.hpp"

namespace coord::run {
namespace {

using namespace std::chrono_literals;

constexpr Duration kDouble = 2s;  // a second INT within it means "now"
constexpr Duration kToEnd = 3s;   // after which it has survived INT, TERM or QUIT

struct End {
  int status = 0;
  std::optional<int> die_by;
};

enum class Source { signals, news, timer };

class Keeper {
 public:
  Keeper(cli::Env& env, const std::string& what, NextEvent next, const BusyOptions& options,
         proc::Signals& signals, proc::Timer timer)
      : env_(&env),
        what_(&what),
        options_(options),
        place_(proc::Terminal::controlling() ? EventCommand::Place::our_group
                                             : EventCommand::Place::own_group),
        signals_(&signals),
        timer_(std::move(timer)),
        policy_(options),
        source_(std::move(next)) {}

  Result<End> run() {
    poller_.watch(Source::signals, signals_->fd());
    poller_.watch(Source::news, source_.fd());
    poller_.watch(Source::timer, timer_.fd());
    while (!end_) {
      COORD_TRY(poller_.wait());
      (void)timer_.fired();
      if (poller_.ready(Source::signals)) take_signals();
      if (end_) break;
      if (poller_.ready(Source::news)) COORD_TRY(hear());
      COORD_TRY(act());
      timer_.set(next_time());
    }
    return *end_;
  }

 private:
  bool is_first() const { return !command_ && !policy_.is_busy(); }

  // Has it been asked to end, and may it still do so?
  bool is_asked() const { return asked_ && BootClock::now() < asked_until_; }

  // --- news ---

  Result<> hear() {
    source_.clear();
    while (auto event = source_.take()) {
      // The first one does not wait for quiet.
      const auto kept = policy_.on_event(is_first() ? BootTime{} : BootClock::now());
      if (kept != BusyPolicy::Kept::no) newest_ = *std::move(event);
    }
    const auto ended = source_.ended();
    if (!ended || *ended || source_ended_) return {};
    source_ended_ = true;
    if (is_first()) return std::unexpected(ended->error());
    env_->note(fmt::format("{}; {} goes on with what it has", told(ended->error(), *env_),
                           env_->child()->front()));
    return {};
  }

  BootTime next_time() const {
    const BootTime next = policy_.next_time();
    return is_asked() && !policy_.is_stopping() && !policy_.is_ending()
               ? std::max(next, asked_until_)
               : next;
  }

  Result<> act() {
    if (policy_.is_busy() && !policy_.is_stopping() && !policy_.is_ending()) {
      if (policy_.waiting() > 0 && newest_.variables == running_) policy_.forget();
      if (is_asked()) return {};
    }
    for (;;) {
      switch (policy_.step(BootClock::now())) {
        case BusyPolicy::Step::none:
          return {};
        case BusyPolicy::Step::start:
          COORD_TRY(start());
          break;
        case BusyPolicy::Step::signal:
          running_ = newest_.variables;
          command_->signal(options_.signal);
          break;
        case BusyPolicy::Step::term:
          env_->detail(
              fmt::format("coord: {}: has changed: restarting {}", *what_, env_->child()->front()));
          command_->stop();
          break;
        case BusyPolicy::Step::kill:
          command_->kill();
          look_after_command();
          if (end_) return {};
          break;
      }
    }
  }

  Result<> start() {
    COORD_TRY_INTO(EventCommand command, EventCommand::start(*env_, *signals_, newest_, place_));
    command_.emplace(std::move(command));
    running_ = newest_.variables;
    policy_.on_started();
    return {};
  }

  // --- CMD's end, and signals ---

  void look_after_command() {
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

  End end_of(int status) const {
    End end{.status = proc::exit_status(status), .die_by = {}};
    const auto fatal = proc::fatal_signal(status);
    if (fatal && received_.contains(*fatal)) end.die_by = fatal;
    if (policy_.is_ending() || (fatal && is_asked())) end.die_by = asked_;
    return end;
  }

  void stop_too() {
    const bool expected = std::exchange(stop_expected_, false);
    if (place_ == EventCommand::Place::our_group || expected) (void)raise(SIGSTOP);
  }

  void take_signals() {
    while (const auto signal = signals_->next()) on_signal(*signal);
    look_after_command();
  }

  void on_signal(const proc::Signal& signal) {
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
    // A key of the terminal went to the whole foreground group, CMD among it.
    if (place_ == EventCommand::Place::our_group && signal.from_kernel) return;
    command_->signal(signal.number);
  }

  void on_signal_before(int number) {
    if (proc::ends_us(number)) end_ = End{.status = 128 + number, .die_by = number};
    if (number == SIGTSTP) (void)raise(SIGSTOP);
  }

  cli::Env* env_;
  const std::string* what_;
  BusyOptions options_;
  EventCommand::Place place_;
  proc::Signals* signals_;
  proc::Timer timer_;
  proc::Poller<Source> poller_;
  BusyPolicy policy_;
  Event newest_;
  Variables running_;  // what CMD was started with, or told of
  std::optional<EventCommand> command_;
  std::set<int> received_;
  std::optional<int> asked_;  // INT, TERM or QUIT
  BootTime asked_at_{};
  BootTime asked_until_{};
  bool stop_expected_ = false;
  bool source_ended_ = false;
  std::optional<End> end_;
  EventSource source_;  // last: its thread ends first
};

}  // namespace

Result<int> keep_running(cli::Env& env, const std::string& what, NextEvent next,
                         BusyOptions options) {
  COORD_TRY(env.connection());  // asks for a password, if it must, before there are threads
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  COORD_TRY_INTO(proc::Timer timer, proc::Timer::create());
  COORD_TRY(proc::become_subreaper());
  Result<End> end;
  {
    Keeper keeper(env, what, std::move(next), options, signals, std::move(timer));
    end = keeper.run();
  }
  if (!end) return std::unexpected(end.error());
  if (end->die_by) return proc::die_by_signal(*end->die_by);
  return end->status;
}

}  // namespace coord::run
