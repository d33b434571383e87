// Course: what the guardian does about each thing that happens, as a pure state machine: events in,
// actions out. It starts no process, sends no signal and reads no clock, so that every order of
// events can be tested without any of them.
//
//   waiting ── ready ──> starting ── started ──> running ── ended ──> releasing ── finished
//      │                      │ lost, or time is up: TERM
//      └─ holding         stopping ── kill_at: KILL ──> killed
//
// The rules are those of cli.md section 4 and of the promise in ARCHITECTURE.md: TERM at the
// deadline that the holder told last, KILL when the grace is over, whether or not the holder still
// answers.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cmd/run/shared_deadline.hpp"
#include "coord/base/clock.hpp"
#include "coord/proc/channel.hpp"
#include "coord/proc/signals.hpp"

namespace coord::run {

struct Action {
  enum class Kind {
    tell,       // say `number` to the holder
    forward,    // signal `number` to CMD: its group, or it alone where it shares ours; all that it
                // started if that counts
    term_tree,  // TERM to all that the holder has started, and CONT: it may be stopped
    kill_tree,  // KILL to all that the holder has started
    kill_holder,  // to the holder alone
    kill_all,     // and to the holder
    stop_self,    // be stopped, so that a shell sees the job stopped
    finish,       // nothing more to do: take_result()
  };
  Kind kind;
  int number = 0;
};

using Actions = std::vector<Action>;

struct CourseOptions {
  bool shares_terminal =
      false;  // CMD is in our process group: keys of the terminal reach it by themselves
  bool wait_tree = false;  // what CMD has started counts as CMD
  Duration grace{};
  Duration settle_limit{};  // what the holder may wait for once CMD has ended (Claim::settle)
};

// How it all ended, in the order in which the guardian looks at it.
struct CourseResult {
  std::optional<std::string> lost;    // why
  std::optional<int> command_status;  // CMD's wait status
  std::optional<proc::Message> last;  // what the holder said at the end; nothing when it died
  std::optional<int> ended_by;        // the signal that coord was asked to end with
  bool was_holding = false;           // without a CMD
  bool abandoned = false;             // the holder was not waited for: what it held ends by itself
};

class Course {
 public:
  explicit Course(CourseOptions options) : options_(options) {}

  Actions on_signal(const proc::Signal& signal, BootTime now);
  Actions on_message(proc::Message message, BootTime now);
  void on_deadline(SharedDeadline::Times times);  // it only moves on
  Actions on_holder_gone();
  Actions on_input_end();         // stdin's end, where that is to end the hold, once it has begun
  Actions on_time(BootTime now);  // once the time has come for which next_time() asks

  BootTime next_time() const;
  const std::set<int>& received() const { return received_; }  // signals sent to coord
  CourseResult take_result() { return std::move(result_); }

 private:
  enum class Phase { waiting, starting, holding, running, stopping, killed, releasing, finished };

  bool command_runs() const;
  Actions on_ending_signal(int number, BootTime now);
  Actions on_command_signal(const proc::Signal& signal, BootTime now);
  Actions on_started();
  Actions lose(const std::string& why, BootTime kill_at, BootTime now);
  Actions strike(BootTime now);

  CourseOptions options_;
  Phase phase_ = Phase::waiting;
  BootTime term_at_ = kNever;
  BootTime kill_at_ = kNever;
  BootTime patience_ends_ = kNever;  // then the holder is killed
  BootTime next_strike_ = kNever;
  BootTime last_int_{};         // zero: none yet
  bool stop_expected_ = false;  // a TSTP was passed on
  bool stop_wanted_ = false;    // one came when CMD was about to be started
  bool input_ended_ = false;
  std::set<int> received_;
  CourseResult result_;
};

}  // namespace coord::run
