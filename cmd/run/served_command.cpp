#include "cmd/run/served_command.hpp"

#include <csignal>

namespace coord::run {
namespace {

using namespace std::chrono_literals;

constexpr Duration kGrace = 3s;       // between TERM and KILL where CMD is stopped by us
constexpr Duration kLeaveLimit = 1s;  // how long a signal to CMD waits until it is not listed
constexpr Duration kTwice = 2s;       // a second INT within this kills

}  // namespace

bool ServedCommand::on_signal(const proc::Signal& signal, bool listed) {
  const bool asks = proc::ends_us(signal.number) && signal.number != SIGHUP;
  if (signal.number == SIGINT && is_second_interrupt()) {
    command_.signal(SIGKILL);
    return true;
  }
  if (asks && !std::exchange(asked_, true)) pass_at_ = after(BootClock::now(), kLeaveLimit);
  if (command_.has_had(signal)) return asks;
  if (asks && listed) {
    pending_.push_back(signal.number);
  } else {
    command_.signal(signal.number);
  }
  return asks;
}

void ServedCommand::on_unlisted() {
  if (!pending_.empty()) pass_pending();
}

void ServedCommand::stop(const proc::Signal& signal) const {
  if (!command_.has_had(signal)) command_.signal(SIGTSTP);
}

void ServedCommand::end() {
  command_.signal(SIGTERM);
  command_.signal(SIGCONT);
  kill_at_ = after(BootClock::now(), kGrace);
}

void ServedCommand::on_time(BootTime now) {
  if (now >= pass_at_) pass_pending();
  if (now < kill_at_) return;
  kill_at_ = kNever;
  command_.signal(SIGKILL);
}

std::optional<int> ServedCommand::ended() {
  const auto status = command_.exited();
  if (status) command_.reap();
  return status;
}

bool ServedCommand::is_second_interrupt() {
  const BootTime now = BootClock::now();
  return now - std::exchange(interrupted_at_, now) < kTwice;
}

void ServedCommand::pass_pending() {
  pass_at_ = kNever;
  for (const int number : std::exchange(pending_, {})) command_.signal(number);
}

}  // namespace coord::run
