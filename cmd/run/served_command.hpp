// ServedCommand: CMD of a service while it runs, and the signals that it gets.
//
// INT, TERM and QUIT reach it when it is not listed any more, or a second later; all others at
// once. A second INT within two seconds kills it. Passive: somebody else polls.
#pragma once

#include <vector>

#include "cmd/run/event_command.hpp"

namespace coord::run {

class ServedCommand {
 public:
  explicit ServedCommand(EventCommand command) : command_(std::move(command)) {}

  pid_t pid() const { return command_.pid(); }

  // Is it to end, so that new clients should go elsewhere? LISTED: it is now.
  bool on_signal(const proc::Signal& signal, bool listed);
  void on_unlisted();
  void stop(const proc::Signal& signal) const;  // for TSTP, unless it has had that already
  void end();                                   // TERM, KILL after the grace

  BootTime next_time() const { return std::min(pass_at_, kill_at_); }
  void on_time(BootTime now);

  std::optional<int> ended();  // its wait status, once; it is reaped then

 private:
  bool is_second_interrupt();
  void pass_pending();

  EventCommand command_;
  std::vector<int> pending_;  // once it is not listed any more
  BootTime interrupted_at_{};
  BootTime pass_at_ = kNever;
  BootTime kill_at_ = kNever;
  bool asked_ = false;  // to end
};

}  // namespace coord::run
