#include "cmd/run/holder.hpp"

#include <unistd.h>

#include <csignal>

#include "cmd/run/acquirer.hpp"
#include "cmd/run/protocol.hpp"
#include "cmd/run/surroundings.hpp"
#include "cmd/run/waiting.hpp"
#include "coord/proc/child.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/reaper.hpp"
#include "coord/proc/timer.hpp"
#include "coord/proc/tree.hpp"
#include "coord/recipe/belongings.hpp"
#include "coord/recipe/deadline.hpp"
#include "coord/recipe/guard.hpp"

namespace coord::run {
namespace {

using namespace std::chrono_literals;

constexpr Duration kGiveBackLimit = 3s;
constexpr Duration kKillLimit = 5s;
constexpr Duration kStrikeAgain = 50ms;

enum class Source { guardian, signals, changed, timer };
enum class Phase { acquiring, ready, running, draining, holding, giving_back, finished };

class Holder {
 public:
  Holder(Plan& plan, cli::Env& env, proc::Channel channel, proc::Signals& signals,
         proc::Timer timer, etcd::Client& client, const HolderOptions& options)
      : plan_(&plan),
        env_(&env),
        channel_(std::move(channel)),
        signals_(&signals),
        timer_(std::move(timer)),
        client_(&client),
        options_(options) {}

  Result<> run() {
    poller_.watch(Source::guardian, channel_.fd());
    poller_.watch(Source::signals, signals_->fd());
    poller_.watch(Source::changed, changed_.fd());
    poller_.watch(Source::timer, timer_.fd());
    acquirer_.emplace(*env_, *client_, *plan_, plan_->give_up_at(), changed_);
    if (plan_->waits()) {
      line_.emplace(*env_, *client_, *plan_->claim, [this] { return acquirer_->lease(); });
    }
    while (phase_ != Phase::finished) {
      COORD_TRY(poller_.wait());
      if (timer_.fired()) on_time();
      if (poller_.ready(Source::guardian)) hear_guardian();
      if (poller_.ready(Source::changed)) on_change();
      if (poller_.ready(Source::signals)) take_signals();
    }
    return {};
  }

 private:
  // --- what happens ---

  void hear_guardian() {
    proc::Message message;
    for (;;) {
      switch (channel_.receive(message)) {
        case proc::Received::nothing:
          return;
        case proc::Received::closed:
          return on_orphaned();
        case proc::Received::message:
          break;
      }
      switch (message.type) {
        case kCancel:
          on_cancel();
          break;
        case kReport:
          if (line_) line_->report();
          break;
        case kGo:
          may_start_ = true;
          if (phase_ == Phase::ready) check_hold();
          break;
        case kTimeUp:
          lose("etcd has not renewed its lease in time");
          break;
        default:
          break;
      }
    }
  }

  void on_cancel() {
    cancelled_ = true;
    if (phase_ == Phase::giving_back) settling_.request_stop();
    if (phase_ == Phase::acquiring) {
      acquirer_->cancel();
      if (line_) line_->stop();
    }
    if (phase_ == Phase::ready || phase_ == Phase::holding) give_back();
  }

  // The guardian is dead: nobody else looks after CMD, and nobody waits for our answer.
  void on_orphaned() {
    poller_.forget(Source::guardian);
    channel_.close();
    orphaned_ = true;
    settling_.request_stop();
    if (phase_ == Phase::acquiring) return on_cancel();
    // Not before they are gone: so long the session is kept, and with it what is held.
    while (!proc::kill_all_children(after(BootClock::now(), kKillLimit))) {
    }
    child_.reset();
    if (phase_ != Phase::giving_back) give_back();
  }

  void on_change() {
    changed_.clear();
    if (phase_ == Phase::acquiring) {
      if (auto taken = acquirer_->take()) on_acquired(std::move(*taken));
    } else if (phase_ == Phase::giving_back) {
      if (given_back_) finish();
    } else {
      check_hold();
    }
  }

  void on_acquired(Result<Taken> taken) {
    line_.reset();
    if (!taken) {
      error_ = taken.error();
      return finish();
    }
    taken_ = *std::move(taken);
    guard_.emplace(*client_, taken_.held, changed_);
    if (plan_->claim->has_belongings())
      belongings_.emplace(*client_, taken_.session->lease(), changed_);
    phase_ = Phase::ready;
    if (cancelled_) return give_back();
    check_hold();
    if (phase_ != Phase::ready) return;  // lost already
    if (plan_->command) return say({.type = kReady});
    hold();
  }

  void hold() {
    phase_ = Phase::holding;
    say({.type = kHolding});
    if (const auto shown = plan_->claim->show(*env_, taken_.held); !shown) fail_with(shown.error());
  }

  void start() {
    auto spec = command_spec(*plan_, *env_, *signals_, taken_);
    if (!spec) return fail_with(spec.error());
    if (options_.join_group) {
      spec->group = proc::ChildSpec::Group::join;
      spec->join_group = *options_.join_group;
    }
    auto child = proc::Child::start(*spec);
    if (!child) return fail_with(start_failure(child.error()));
    child_.emplace(*std::move(child));
    phase_ = Phase::running;
    say({.type = kStarted, .a = child_->pid(), .fd = proc::Fd(dup(child_->pidfd()))});
  }

  void take_signals() {
    while (signals_->next()) {
    }  // all but CHLD are the guardian's
    if (!child_) return;
    if (phase_ == Phase::draining) return drain();
    if (child_->stopped()) say({.type = kStopped});
    const auto status = child_->exited();
    if (!status) return proc::reap_orphans(child_->pid());
    if (phase_ == Phase::running) on_command_ended(*status);
  }

  void on_command_ended(int status) {
    command_status_ = status;
    say({.type = kEnded, .a = status});
    command_status_ = status;
    if (!lost_ && !plan_->wait_tree) return give_back();
    child_->reap();  // else its zombie hides those of orphans
    phase_ = Phase::draining;
    drain();
  }

  // CMD has ended, but what it started must be gone too.
  void drain() {
    proc::reap_orphans(0);
    if (proc::descendants(getpid()).empty()) give_back();
  }

  // --- the hold ---

  // Are we still within the lease, and is the key still there?
  void check_hold() {
    const auto times =
        recipe::hold_times(taken_.session->sent(), taken_.session->ttl(), plan_->grace);
    if (times.kill_at > times_.kill_at || times_.kill_at == BootTime{}) {
      times_ = times;
      options_.deadline.set({times.term_at, times.kill_at});
    }
    set_timer();
    if (taken_.session->lost()) return lose("its lease has expired or was revoked");
    if (const auto lost = guard_->lost()) return lose(lost->message);
    if (const auto lost = belongings_ ? belongings_->lost() : std::nullopt)
      return lose(lost->message);
    // After an outage it may be held with too little time left: the next renewal makes more.
    if (phase_ == Phase::ready && may_start_ && !cancelled_ && BootClock::now() < times_.term_at)
      start();
  }

  void set_timer() {
    if (killing_) return timer_.set(after(BootClock::now(), kStrikeAgain));
    const BootTime kill_at = std::min(kill_at_, times_.kill_at);
    timer_.set(BootClock::now() < times_.term_at ? std::min(times_.term_at, kill_at) : kill_at);
  }

  // TERM is the guardian's to send, but Ctrl-Z has stopped it with CMD.
  void term_for_guardian() const {
    const auto guardian = proc::find_process(getppid());
    if (orphaned_ || !guardian || !guardian->is_stopped()) return;
    proc::signal_tree(getpid(), SIGTERM, false);
    proc::signal_tree(getpid(), SIGCONT, false);
  }

  void lose(const std::string& why) {
    if (lost_ || phase_ == Phase::giving_back || phase_ == Phase::finished ||
        phase_ == Phase::acquiring)
      return;
    lost_ = why;
    say({.type = kLost, .text = why});
    if (phase_ != Phase::running && phase_ != Phase::draining) return give_back();
    kill_at_ = std::min(times_.kill_at, after(BootClock::now(), plan_->grace));
    term_for_guardian();
    set_timer();
  }

  void on_time() {
    if (BootClock::now() < std::min(kill_at_, times_.kill_at)) {
      if (phase_ == Phase::running && !lost_) term_for_guardian();
      return set_timer();
    }
    if (phase_ == Phase::running || phase_ == Phase::draining) {
      killing_ = true;
      proc::signal_tree(getpid(), SIGKILL, false);
      lose("etcd has not renewed its lease in time");
      set_timer();  // again: who is forked meanwhile may be missed
    } else if (phase_ == Phase::holding || phase_ == Phase::ready) {
      lose("etcd has not renewed its lease in time");
    }
  }

  // --- the end ---

  void give_back() {
    const bool settles = phase_ != Phase::ready && !lost_ && !error_ && !orphaned_;
    phase_ = Phase::giving_back;
    // The guard goes on looking meanwhile: to end its watch would cost a round trip, and what it
    // says is not asked for any more.
    releaser_ = std::jthread([this, settles] {
      const Context limit = Context::within(kGiveBackLimit);
      settles ? settle() : retreat(limit);
      if (lost_) {
        (void)taken_.session->close(limit);  // of the lease there may be something left
      } else {
        const bool may_take_long = plan_->claim->settle_limit() > 0s;
        close_session(*env_, *plan_, *client_, *taken_.session,
                      may_take_long ? Context::within(kGiveBackLimit) : limit);
      }
      given_back_ = true;
      changed_.post();
    });
  }

  void settle() {
    const Duration limit = std::max<Duration>(kGiveBackLimit, plan_->claim->settle_limit());
    const auto settled = plan_->claim->settle(Context(settling_.get_token()).at_most(limit),
                                              *client_, taken_.held, command_status_);
    if (!settled) error_ = settled.error();
  }

  void retreat(const Context& ctx) {
    const auto retreated = plan_->claim->retreat(ctx, *client_, taken_.held);
    if (!retreated && !error_) error_ = retreated.error();
  }

  void fail_with(Error error) {
    error_ = std::move(error);
    give_back();
  }

  void finish() {
    phase_ = Phase::finished;
    proc::Message last{.type = kFinished, .a = -1};
    if (error_) {
      last.a = static_cast<std::int64_t>(error_->code);
      last.text = error_->message + '\0' + error_->hint;
    }
    say(last);
  }

  void say(const proc::Message& message) {
    if (!orphaned_) (void)channel_.send(message);
  }

  Plan* plan_;
  cli::Env* env_;
  proc::Channel channel_;
  proc::Signals* signals_;
  proc::Timer timer_;
  etcd::Client* client_;
  HolderOptions options_;
  Notifier changed_;
  proc::Poller<Source> poller_;
  Phase phase_ = Phase::acquiring;
  std::optional<Acquirer> acquirer_;
  std::optional<WaitingLine> line_;
  Taken taken_;
  std::optional<recipe::Guard> guard_;
  std::optional<recipe::Belongings> belongings_;
  std::optional<proc::Child> child_;
  recipe::HoldTimes times_{};
  BootTime kill_at_ = kNever;
  std::optional<std::string> lost_;
  std::optional<Error> error_;
  std::optional<int> command_status_;
  std::stop_source settling_;
  bool cancelled_ = false;
  bool may_start_ = false;
  bool killing_ = false;

  bool orphaned_ = false;
  std::atomic<bool> given_back_ = false;
  std::jthread releaser_;
};

[[noreturn]] void exit_with(proc::Channel& channel, const Error& error) {
  (void)channel.send({.type = kFinished,
                      .a = static_cast<std::int64_t>(error.code),
                      .text = error.message + '\0' + error.hint});
  _exit(1);
}

}  // namespace

void run_holder(Plan& plan, cli::Env& env, proc::Channel channel, proc::Signals& signals,
                const HolderOptions& options) {
  (void)setpgid(0, 0);  // so that what strikes the guardian's group leaves one of the two alive
  if (const auto ready = proc::become_subreaper(); !ready) exit_with(channel, ready.error());
  auto timer = proc::Timer::create();
  if (!timer) exit_with(channel, timer.error());
  const auto client = env.client();
  if (!client) exit_with(channel, client.error());
  auto* holder =
      new Holder(plan, env, std::move(channel), signals, *std::move(timer), **client, options);
  const auto done = holder->run();
  // Not by return: threads of gRPC and of the session may still run, and there is nothing left to
  // clean up.
  _exit(done ? 0 : 1);
}

}  // namespace coord::run
