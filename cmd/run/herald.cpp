#include "cmd/run/herald.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>

#include "coord/base/bytes.hpp"

namespace coord::run {
namespace {

using namespace std::chrono_literals;

constexpr Duration kExtendEvery = 10s;
constexpr const char* kExtend = "EXTEND_TIMEOUT_USEC=30000000";  // three times as long
constexpr auto kVariables = {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"};

std::optional<std::int64_t> number(const std::optional<std::string>& text) {
  std::int64_t value = 0;
  if (!text) return std::nullopt;
  const char* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, value);
  return error == std::errc{} && rest == end && value > 0 ? std::optional(value) : std::nullopt;
}

std::optional<Duration> watchdog_interval(const proc::Environment& environment) {
  const auto limit = number(environment.get("WATCHDOG_USEC"));
  const auto pid = environment.get("WATCHDOG_PID");
  if (!limit || (pid && number(pid) != getpid())) return std::nullopt;
  return std::chrono::microseconds{*limit} / 2;
}

std::string status(const std::string& text) { return "STATUS=" + printable(text); }

}  // namespace

Result<Herald> Herald::from(const proc::Environment& environment) {
  Herald herald;
  const auto address = environment.get("NOTIFY_SOCKET");
  if (!address || address->empty()) return herald;
  COORD_TRY_INTO(herald.socket_, proc::NotifySocket::open(*address));
  herald.watchdog_ = watchdog_interval(environment);
  return herald;
}

Result<Herald> herald_for(bool notify) {
  return notify ? Herald::from(proc::Environment(environ)) : Herald{};
}

std::vector<std::string> Herald::variables() { return {kVariables.begin(), kVariables.end()}; }

void Herald::hide(proc::Environment& environment) {
  for (const char* name : kVariables) environment.unset(name);
}

void Herald::say(const std::string& state) const {
  if (socket_) (void)socket_->send(state);
}

void Herald::wait(const std::string& what) {
  if (!socket_) return;
  phase_ = Phase::waiting;
  waits("waiting for " + what);
  on_time(BootClock::now(), true);
}

void Herald::waits(const std::string& what) {
  if (phase_ == Phase::waiting) say(status(what));
}

void Herald::holds(const std::string& what) {
  if (!socket_) return;
  phase_ = Phase::holding;
  ready_ = true;
  say(fmt::format("READY=1\nMAINPID={}\n{}", getpid(), status("holding " + what)));
  on_time(BootClock::now(), true);
}

void Herald::tells(const std::string& text) {
  if (phase_ == Phase::waiting || phase_ == Phase::holding) say(status(text));
}

void Herald::lost(const std::string& why, bool begins_again) {
  if (!socket_ || phase_ == Phase::ending) return;
  if (!begins_again) ends();
  if (begins_again) phase_ = Phase::idle;
  next_ = kNever;
  say(status("lost: " + why));
}

// Not of one that was lost and begins again: a service can't take STOPPING back.
void Herald::ends() {
  if (!socket_ || phase_ == Phase::idle || phase_ == Phase::ending) return;
  phase_ = Phase::ending;
  next_ = kNever;
  say("STOPPING=1");
}

Duration Herald::interval() const {
  if (phase_ == Phase::waiting && !ready_) return kExtendEvery;
  return watchdog_.value_or(kNever - BootTime{});
}

void Herald::on_time(BootTime now, bool good) {
  if (phase_ == Phase::idle || phase_ == Phase::ending) return;
  if (phase_ == Phase::waiting && !ready_) say(kExtend);
  if (ready_ && watchdog_ && (good || phase_ == Phase::waiting)) say("WATCHDOG=1");
  next_ = after(now, interval());
}

}  // namespace coord::run
