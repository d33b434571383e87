// EventRunner: what on_event() does. One thread, a poll loop; where events come from, and what is
// done after CMD, have threads of their own.
//
// on_event.cpp has the loop and the way of an event to CMD; event_runner.cpp CMD's end and signals.
#pragma once

#include <deque>
#include <optional>

#include "cmd/run/errand.hpp"
#include "cmd/run/event_command.hpp"
#include "cmd/run/on_event.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/signals.hpp"
#include "coord/proc/timer.hpp"

namespace coord::run {

class EventRunner {
 public:
  EventRunner(cli::Env& env, const std::string& what, NextEvent next, const EventOptions& options,
              proc::Signals& signals, proc::Timer timer)
      : env_(&env),
        what_(&what),
        options_(options),
        signals_(&signals),
        timer_(std::move(timer)),
        policy_(options.busy),
        source_(std::move(next)) {}

  // Until there is nothing more to do: ended_by(), an exit status, or an error.
  Result<int> run();
  std::optional<int> ended_by() const { return ended_by_; }

 private:
  enum class Source { signals, news, settled, timer };

  bool is_over() const;
  void end() { policy_.end(BootClock::now()); }
  void fail_with(Error error);

  // Events.
  void hear();
  void act();
  bool start();
  Result<> start_for(Event& event);

  // CMD's end, and signals.
  void look_after_command();
  void on_failure(int status);
  void take_settled();
  void take_signals();
  void on_signal(int number);

  cli::Env* env_;
  const std::string* what_;
  EventOptions options_;
  proc::Signals* signals_;
  proc::Timer timer_;
  proc::Poller<Source> poller_;
  BusyPolicy policy_;
  std::deque<Event> waiting_;
  std::optional<EventCommand> command_;
  std::string name_;  // CMD's, for messages
  Done done_;         // of the event that it runs for
  std::optional<int> ended_by_;
  std::optional<Error> error_;
  int status_ = 0;
  bool source_ended_ = false;
  Notifier settled_;
  std::optional<Errand<>> settling_;
  EventSource source_;  // last: its thread ends first
};

}  // namespace coord::run
