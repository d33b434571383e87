#include "cmd/run/health_check.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "coord/base/duration.hpp"
#include "coord/proc/exit_status.hpp"

namespace coord::run {

namespace {

constexpr Duration kSoon = std::chrono::milliseconds{500};

}  // namespace

HealthCheck::~HealthCheck() {
  if (!child_) return;
  child_->signal_group(SIGKILL);
  child_->reap();
}

BootTime HealthCheck::next_time() const { return child_ ? kill_at_ : next_; }

std::optional<CheckResult> HealthCheck::on_time() {
  const BootTime now = BootClock::now();
  if (now < next_time()) return std::nullopt;
  if (child_) {
    too_long_ = true;
    kill_at_ = kNever;
    child_->signal_group(SIGKILL);
    return std::nullopt;
  }
  next_ = after(now, passed_ ? spec_.every : std::min<Duration>(spec_.every, kSoon));
  const proc::Fd nothing(open("/dev/null", O_RDWR | O_CLOEXEC));
  proc::ChildSpec spec;
  spec.argv = {"sh", "-c", spec_.command};
  spec.environment = environment_;
  spec.signals = signals_;
  spec.input = spec.output = nothing.get();
  auto child = proc::Child::start(spec);
  if (!child) return CheckResult{.why = child.error().error.message};
  child_.emplace(*std::move(child));
  kill_at_ = after(now, spec_.limit);
  too_long_ = false;
  return std::nullopt;
}

std::optional<CheckResult> HealthCheck::on_child() {
  const auto status = child_ ? child_->exited() : std::nullopt;
  if (!status) return std::nullopt;
  child_->signal_group(SIGKILL);  // what it has left
  child_->reap();
  child_.reset();
  next_ = std::max(next_, BootClock::now());
  if (*status == 0) passed_ = true;
  if (*status == 0) return CheckResult{.healthy = true};
  if (too_long_) return CheckResult{.why = "took longer than " + format_duration(spec_.limit)};
  const auto fatal = proc::fatal_signal(*status);
  return CheckResult{.why = fatal ? fmt::format("died of signal {}", *fatal)
                                  : fmt::format("exited with {}", proc::exit_status(*status))};
}

}  // namespace coord::run
