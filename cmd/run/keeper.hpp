// Keeper: what keep_running() does. One thread, a poll loop; where news come from has its own.
//
// keep_running.cpp has the loop and the way of news to CMD; keeper.cpp CMD's end and signals.
#pragma once

#include <optional>
#include <set>

#include "cmd/run/event_command.hpp"
#include "cmd/run/keep_running.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/timer.hpp"

namespace coord::run {

class Keeper {
 public:
  struct End {
    int status = 0;
    std::optional<int> die_by;
  };

  Keeper(cli::Env& env, const std::string& what, NextEvent next, const BusyOptions& options,
         proc::Signals& signals, proc::Timer timer)
      : env_(&env),
        what_(&what),
        options_(options),
        place_(EventCommand::beside_us()),
        signals_(&signals),
        timer_(std::move(timer)),
        policy_(options),
        source_(std::move(next)) {}

  Result<End> run();

 private:
  enum class Source { signals, news, timer };

  bool is_first() const { return !command_ && !policy_.is_busy(); }

  // Has it been asked to end, and may it still do so?
  bool is_asked() const { return asked_ && BootClock::now() < asked_until_; }

  // News.
  Result<> hear();
  BootTime next_time() const;
  Result<> act();
  Result<> start();

  // CMD's end, and signals.
  void look_after_command();
  End end_of(int status) const;
  void stop_too();
  void take_signals();
  void on_signal(const proc::Signal& signal);
  void on_signal_before(int number);

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

}  // namespace coord::run
