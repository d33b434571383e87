#include "cmd/commands/shared/interrupt.hpp"

#include <csignal>

#include "coord/proc/poller.hpp"

namespace coord::commands {
namespace {

enum class Source { signals, quit };

}  // namespace

Result<std::unique_ptr<Interrupt>> Interrupt::take() {
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  return std::unique_ptr<Interrupt>(new Interrupt(std::move(signals)));
}

Interrupt::Interrupt(proc::Signals signals)
    : signals_(std::move(signals)), listener_([this] { listen(); }) {}

Interrupt::~Interrupt() {
  ends_ = true;
  quit_.post();
}

std::optional<int> Interrupt::signal() const {
  const int number = signal_;
  return number == 0 ? std::nullopt : std::optional(number);
}

void Interrupt::listen() {
  proc::Poller<Source> poller;
  poller.watch(Source::signals, signals_.fd());
  poller.watch(Source::quit, quit_.fd());
  while (!ends_ && poller.wait()) take_all();
}

void Interrupt::take_all() {
  while (const auto signal = signals_.next()) {
    if (signal->number == SIGTSTP) (void)raise(SIGSTOP);
    if (!proc::ends_us(signal->number)) continue;
    int none = 0;
    signal_.compare_exchange_strong(none, signal->number);
    stop_.request_stop();
    came_.post();
  }
}

}  // namespace coord::commands
