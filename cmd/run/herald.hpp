// Herald: tells the service manager how a hold goes (--notify), in the words of sd_notify(3).
//
//   waiting   STATUS=waiting for lock 'x': who holds it; EXTEND_TIMEOUT_USEC, so that a start may
//             take as long as it takes
//   held      READY=1, MAINPID, STATUS; from then on WATCHDOG=1 at half of WATCHDOG_USEC, for as
//             long as the hold is good
//   ending    STOPPING=1
//
// Belongs to the guardian (for `register` to its only process), for it is the process that the
// manager has started and listens to, and the one that lives as long as all else. The holder has it
// told what it waits for (kWaiting). It has no thread, blocks never, and without a manager says
// nothing. A hold that begins again after a loss stays a started service; while it waits it is
// well, and says so to the watchdog.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "coord/base/clock.hpp"
#include "coord/proc/environment.hpp"
#include "coord/proc/notify_socket.hpp"

namespace coord::run {

class Herald {
 public:
  Herald() = default;  // there is no manager

  // From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. Code::config for an address that is none.
  static Result<Herald> from(const proc::Environment& environment);
  // The names of those. CMD must not have them, for it is not the one to speak.
  static std::vector<std::string> variables();
  static void hide(proc::Environment& environment);

  void wait(const std::string& what);  // begins to
  void waits(const std::string& what);
  void holds(const std::string& what);
  void tells(const std::string& status);  // besides
  void lost(const std::string& why, bool begins_again);
  void ends();

  // When on_time() has something to do, and GOOD: what is held can be relied on now.
  BootTime next_time() const { return next_; }
  void on_time(BootTime now, bool good);

 private:
  enum class Phase { idle, waiting, holding, ending };

  void say(const std::string& state) const;
  Duration interval() const;

  std::optional<proc::NotifySocket> socket_;
  std::optional<Duration> watchdog_;  // how often it wants to hear of us, half of its limit
  Phase phase_ = Phase::idle;
  bool ready_ = false;  // said once
  BootTime next_ = kNever;
};

// By our own environment, if the user wants it told (NOTIFY); else one that says nothing.
Result<Herald> herald_for(bool notify);

}  // namespace coord::run
