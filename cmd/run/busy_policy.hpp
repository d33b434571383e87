// BusyPolicy: when a command that is run for events is started, told and stopped, as a pure state
// machine. It starts no process and reads no clock.
//
//   idle ── an event, and quiet for `debounce` ──> busy ── on_gone ──> idle
//                                     │ the next event: as on_busy has it
//
// latest   the newest event waits until CMD has ended; those that it overtakes are left out
// queue    all wait, in order; whoever feeds it stops at has_room()
// restart  TERM, KILL after the grace; then CMD is started for the newest
// signal   CMD gets a signal, and nothing is started for it
// drop     forgotten
//
// With a debounce nothing is started, told or stopped before no event has come for so long, or the
// first that waits has waited ten times as long: a steady stream starves nobody.
#pragma once

#include <csignal>
#include <cstddef>

#include "coord/base/clock.hpp"

namespace coord::run {

enum class OnBusy { latest, queue, restart, signal, drop };

struct BusyOptions {
  OnBusy on_busy = OnBusy::latest;
  int signal = SIGHUP;
  Duration grace = std::chrono::seconds{3};  // between TERM and KILL
  Duration debounce{0};
};

class BusyPolicy {
 public:
  enum class Step { none, start, signal, term, kill };
  enum class Kept { no, behind, instead };  // not; behind those that wait; instead of them

  static constexpr std::size_t kRoom = 64;  // events that may wait in a queue
  static constexpr int kPatience = 10;      // times the debounce

  explicit BusyPolicy(BusyOptions options) : options_(options) {}

  // May another event be taken from where they come from?
  bool has_room() const { return options_.on_busy != OnBusy::queue || waiting_ < kRoom; }

  Kept on_event(BootTime now);
  void on_started();       // CMD runs, for the first of those that wait
  void on_gone();          // and does no more
  void end(BootTime now);  // nothing is started any more, and CMD is stopped; again: at once

  // What is to be done now; to be asked until it is nothing. START stays until on_started().
  Step step(BootTime now);
  BootTime next_time() const;  // when to ask again, if nothing happens

  std::size_t waiting() const { return waiting_; }
  bool is_busy() const { return busy_; }
  bool is_ending() const { return ending_; }
  bool is_stopping() const { return told_; }  // CMD has been sent TERM

 private:
  BootTime due() const;

  BusyOptions options_;
  std::size_t waiting_ = 0;
  BootTime first_{};  // of those that wait
  BootTime last_{};
  bool busy_ = false;
  bool told_ = false;
  bool ending_ = false;
  BootTime kill_at_ = kNever;
};

}  // namespace coord::run
