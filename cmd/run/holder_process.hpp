// The holder's main thread: its phases, and what each event does in them. Internal to holder.cpp,
// holder_events.cpp and holder_phases.cpp. Never blocks, but for the start of CMD and its end.
//
//   acquiring ──> ready ── go ──> running ──> (draining) ──> giving_back ──> finished
//                   └── no CMD ──> holding ─────────────────────┘
#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "cmd/run/acquirer.hpp"
#include "cmd/run/giving_back.hpp"
#include "cmd/run/guardian_line.hpp"
#include "cmd/run/held_command.hpp"
#include "cmd/run/holder.hpp"
#include "cmd/run/tenure.hpp"
#include "cmd/run/waiting.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/timer.hpp"

namespace coord::run {

class Holder {
 public:
  Holder(Plan& plan, cli::Env& env, proc::Channel channel, proc::Signals& signals,
         proc::Timer timer, etcd::Client& client, const HolderOptions& options)
      : plan_(&plan),
        env_(&env),
        guardian_(std::move(channel)),
        signals_(&signals),
        timer_(std::move(timer)),
        client_(&client),
        options_(options) {}

  Result<> run();  // until all is over; then threads may still run: exit

 private:
  enum class Source { guardian, signals, changed, timer };
  enum class Phase {
    acquiring,
    ready,     // held; the guardian has not said yet that CMD may start
    running,   // CMD runs
    draining,  // it has ended, and what it started must be gone too
    holding,   // there is no CMD
    giving_back,
    finished,
  };

  // What happens: holder_events.cpp.
  void on_word(int word);  // of the guardian
  void on_cancel();
  void on_orphaned();
  void on_change();
  void on_waiting_line(const std::string& line);  // in the thread of the line
  void pass_on_line();
  void take_signals();
  void on_time();

  // From phase to phase: holder_phases.cpp.
  void on_acquired(Result<Taken> taken);
  void hold();
  void start();
  void on_command_ended(int status);
  void drain();
  void give_back();
  void fail_with(Error error);
  void finish();

  // Is it still held, and for how long? The same file.
  void check_hold();
  BootTime kill_at() const;
  void set_timer();
  void lose(const std::string& why);
  void term_for_guardian() const;

  static constexpr const char* kTooLate = "etcd has not renewed its lease in time";

  Plan* plan_;
  cli::Env* env_;
  GuardianLine guardian_;
  proc::Signals* signals_;
  proc::Timer timer_;
  etcd::Client* client_;
  HolderOptions options_;
  Notifier changed_;
  std::mutex line_mutex_;
  std::optional<std::string> new_line_;  // for the service manager
  proc::Poller<Source> poller_;
  Phase phase_ = Phase::acquiring;
  std::optional<Acquirer> acquirer_;
  std::optional<WaitingLine> line_;
  std::optional<Tenure> tenure_;  // from ready on
  std::optional<HeldCommand> command_;
  std::optional<GivingBack> giving_back_;
  BootTime kill_at_ = kNever;  // after a loss, if before the tenure's
  std::optional<Error> error_;
  std::optional<int> command_status_;
  bool lost_ = false;
  bool cancelled_ = false;
  bool may_start_ = false;
  bool killing_ = false;
};

}  // namespace coord::run
