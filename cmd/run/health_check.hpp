// HealthCheck: a command that says whether a service is well, again and again: exit status 0 is
// yes. Driven by the poll loop of the main thread: it has no thread of its own.
//
// Until it says yes for the first time it is asked twice a second at least: services that start are
// listed soon. One at a time, by `sh -c`, in a process group of its own, without stdin and stdout.
// A check that takes longer than its limit is killed and means no; whatever it has left in its
// group is killed when it ends.
#pragma once

#include <optional>
#include <string>

#include "coord/base/clock.hpp"
#include "coord/proc/child.hpp"

namespace coord::run {

struct HealthCheckSpec {
  std::string command;
  Duration every = std::chrono::seconds{5};  // from the start of one to the start of the next
  Duration limit = std::chrono::seconds{5};
};

struct CheckResult {
  bool healthy = false;
  std::string why;  // "exited with 1"; of one that was not healthy
};

class HealthCheck {
 public:
  // ENVIRONMENT and SIGNALS are those of CMD.
  HealthCheck(HealthCheckSpec spec, std::vector<std::string> environment, proc::SignalState signals)
      : spec_(std::move(spec)), environment_(std::move(environment)), signals_(signals) {}
  ~HealthCheck();  // ends one that runs
  HealthCheck(const HealthCheck&) = delete;
  HealthCheck& operator=(const HealthCheck&) = delete;

  bool runs() const { return child_.has_value(); }

  BootTime next_time() const;  // when on_time() has something to do
  // Starts one, or kills one whose time is up. The result of one that cannot be started.
  std::optional<CheckResult> on_time();
  // After SIGCHLD: the result, once it has ended.
  std::optional<CheckResult> on_child();

 private:
  HealthCheckSpec spec_;
  std::vector<std::string> environment_;
  proc::SignalState signals_;
  std::optional<proc::Child> child_;
  BootTime next_{};            // when to start one: at once
  BootTime kill_at_ = kNever;  // the one that runs
  bool too_long_ = false;
  bool passed_ = false;  // once, at least
};

}  // namespace coord::run
