// Interrupt: INT, TERM, HUP and QUIT as a stop token and a readable descriptor, for a command whose
// main thread is busy: blocked in a request, or serving a child.
//
// One a process, made before there is any other thread. The first of these signals counts; later
// ones change nothing. On TSTP the process stops. Ignored signals stay ignored.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>

#include "coord/base/notifier.hpp"
#include "coord/base/result.hpp"
#include "coord/proc/signals.hpp"

namespace coord::commands {

class Interrupt {
 public:
  static Result<std::unique_ptr<Interrupt>> take();  // Code::os
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token stop() const { return stop_.get_token(); }
  int fd() const { return came_.fd(); }  // readable from then on
  std::optional<int> signal() const;     // that came
  const proc::SignalState& original() const { return signals_.original(); }  // for a child

 private:
  explicit Interrupt(proc::Signals signals);
  void listen();
  void take_all();

  proc::Signals signals_;
  std::stop_source stop_;
  Notifier came_;
  Notifier quit_;
  std::atomic<int> signal_ = 0;
  std::atomic<bool> ends_ = false;
  std::jthread listener_;  // last: starts when all else is there
};

}  // namespace coord::commands
