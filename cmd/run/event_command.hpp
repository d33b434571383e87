// EventCommand: CMD of the command line, as it is run again and again while coord looks on. Where
// it is run once, while something is held, the holder does it.
//
// A passive object over a Child. We must be a subreaper: what CMD has left is found below us.
#pragma once

#include <optional>

#include "cmd/cli/env.hpp"
#include "cmd/run/event_source.hpp"
#include "coord/proc/child.hpp"
#include "coord/proc/environment.hpp"
#include "coord/proc/signals.hpp"

namespace coord::run {

// What CMD finds in its environment for this event. Errors of the connection's settings.
Result<proc::Environment> environment_for(cli::Env& env, const Event& event);

class EventCommand {
 public:
  enum class Place { own_group, our_group };  // ours is the terminal's foreground group, if any is
  static Place beside_us();                   // ours where we have a terminal

  // With the event's variables and stdin. Code::no_command, cannot_execute, os.
  static Result<EventCommand> start(cli::Env& env, const proc::Signals& signals, const Event& event,
                                    Place place = Place::own_group);

  pid_t pid() const { return child_.pid(); }
  std::optional<int> exited() { return child_.exited(); }
  int reap() { return child_.reap(); }

  std::optional<int> stopped() { return child_.stopped(); }

  // A key of the terminal went to the whole foreground group, CMD among it.
  bool has_had(const proc::Signal& signal) const {
    return place_ == Place::our_group && signal.from_kernel;
  }
  void signal(int number) const;  // to its group; in ours to it alone
  void stop() const;              // TERM to its group, in ours to all that it has started; and CONT
  void kill() const;              // the same with KILL

  // Is anybody whom stop() was for alive, besides itself? Before reap().
  bool has_left_others() const;

 private:
  EventCommand(proc::Child child, Place place) : child_(std::move(child)), place_(place) {}

  void signal_all(int number) const;

  proc::Child child_;
  Place place_;
};

}  // namespace coord::run
