#include "cmd/run/course.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "cmd/run/protocol.hpp"

namespace coord::run {

using namespace std::chrono_literals;
using Kind = Action::Kind;

namespace {

constexpr Duration kDouble = 2s;       // a second INT within it means "now"
constexpr Duration kHolderLimit = 5s;  // for its last clean-up, once CMD has been killed
constexpr Duration kAbandonLimit = 200ms;
constexpr Duration kStrikeAgain = 50ms;

}  // namespace

bool Course::command_runs() const {
  return phase_ == Phase::running || phase_ == Phase::stopping || phase_ == Phase::killed;
}

Actions Course::on_signal(const proc::Signal& signal, BootTime now) {
  received_.insert(signal.number);  // also too late: whoever would begin again must know
  if (phase_ == Phase::finished) return {};
  if (command_runs()) return on_command_signal(signal, now);
  switch (signal.number) {
    case SIGUSR1:
      return {{Kind::tell, kReport}};
    case SIGTSTP:
      // While waiting we stop, and so long nobody says kGo. Once that is said CMD must stop too.
      if (phase_ != Phase::starting) return {{Kind::stop_self}};
      stop_wanted_ = true;
      return {};
    case SIGCONT:
      stop_wanted_ = false;
      return {};
    default:
      return proc::ends_us(signal.number) ? on_ending_signal(signal.number, now) : Actions{};
  }
}

Actions Course::on_ending_signal(int number, BootTime now) {
  const bool again = number == SIGINT && last_int_ != BootTime{} && now - last_int_ < kDouble;
  if (number == SIGINT) last_int_ = now;
  if (again) {
    patience_ends_ = std::min(patience_ends_, now + kAbandonLimit);
    return {};
  }
  if (options_.settle_limit > 0s) {
    // The first one ends a hold, the next one what is waited for then.
    if (phase_ == Phase::holding) {
      phase_ = Phase::releasing;
      result_.ended_by = number;
      patience_ends_ = after(now + kHolderLimit, options_.settle_limit);
      return {{Kind::tell, kCancel}};
    }
    if (phase_ == Phase::releasing) {
      if (!result_.ended_by) result_.ended_by = number;
      patience_ends_ = std::min(patience_ends_, now + kHolderLimit);
      return {{Kind::tell, kCancel}};
    }
  }
  // CMD has ended, but a shell's loop must stop all the same.
  if (phase_ == Phase::releasing && number == SIGINT) result_.ended_by = number;
  if (phase_ == Phase::releasing || result_.ended_by) return {};
  result_.ended_by = number;
  patience_ends_ = std::min(patience_ends_, now + kHolderLimit);
  return {{Kind::tell, kCancel}};
}

Actions Course::on_command_signal(const proc::Signal& signal, BootTime now) {
  const int number = signal.number;
  if (number == SIGINT && last_int_ != BootTime{} && now - last_int_ < kDouble) {
    result_.ended_by = SIGINT;
    return strike(now);
  }
  if (number == SIGINT) last_int_ = now;
  if (number == SIGCONT) {
    Actions actions = on_time(now);  // is it still held? first of all
    if (phase_ == Phase::running) actions.push_back({Kind::forward, SIGCONT});
    return actions;
  }
  // A key of the terminal went to the whole foreground group, CMD among it.
  if (options_.shares_terminal && signal.from_kernel) return {};
  if (number == SIGTSTP) stop_expected_ = true;
  return {{Kind::forward, number}};
}

// Once is not enough: who is forked while the tree is being killed may be missed.
Actions Course::strike(BootTime now) {
  phase_ = Phase::killed;
  patience_ends_ = std::min(patience_ends_, now + kHolderLimit);
  next_strike_ = now + kStrikeAgain;
  return {{Kind::kill_tree}};
}

void Course::on_deadline(SharedDeadline::Times times) {
  term_at_ = times.term_at;
  if (phase_ != Phase::stopping) kill_at_ = times.kill_at;
}

Actions Course::on_message(proc::Message message, BootTime now) {
  switch (message.type) {
    case kReady:
      if (result_.ended_by) return {};
      phase_ = Phase::starting;
      return {{Kind::tell, kGo}};
    case kStarted:
      if (phase_ == Phase::killed) return {};  // too late: the next stroke is for it
      phase_ = Phase::running;
      patience_ends_ = kNever;
      return on_started();
    case kHolding:
      phase_ = Phase::holding;
      result_.was_holding = true;
      return input_ended_ ? Actions{{Kind::tell, kCancel}} : Actions{};
    case kStopped:
      if (!options_.shares_terminal && !std::exchange(stop_expected_, false)) return {};
      return {{Kind::stop_self}};
    case kLost:
      return lose(message.text, std::min(kill_at_, now + options_.grace), now);
    case kEnded:
      result_.command_status = static_cast<int>(message.a);
      if (phase_ != Phase::running || options_.wait_tree) return {};
      phase_ = Phase::releasing;
      patience_ends_ = after(now + kHolderLimit, options_.settle_limit);
      return {};
    case kFinished:
      result_.last = std::move(message);
      phase_ = Phase::finished;
      return {{Kind::finish}};
    default:
      return {};
  }
}

// A signal that crossed the start was meant for what runs now.
Actions Course::on_started() {
  if (result_.ended_by) return {{Kind::forward, *std::exchange(result_.ended_by, std::nullopt)}};
  if (!stop_wanted_) return {};
  stop_expected_ = true;
  return {{Kind::forward, SIGTSTP}};
}

Actions Course::lose(const std::string& why, BootTime kill_at, BootTime now) {
  if (!result_.lost) result_.lost = why;
  if (phase_ != Phase::running) return {};
  phase_ = Phase::stopping;
  kill_at_ = kill_at;
  if (kill_at_ <= now) return on_time(now);
  return {{Kind::term_tree}};
}

Actions Course::on_holder_gone() {
  if (phase_ == Phase::finished) return {};
  if (phase_ == Phase::releasing) {
    phase_ = Phase::finished;
    if (options_.settle_limit > 0s && !result_.ended_by) {
      result_.last = proc::Message{.type = kFinished,
                                   .a = static_cast<std::int64_t>(Code::lost),
                                   .text = "the process that kept it died before all was settled"};
    }
    return {{Kind::kill_holder}, {Kind::finish}};  // what CMD has left running on purpose stays
  }
  const bool wanted = result_.ended_by || result_.abandoned;
  if (phase_ != Phase::waiting && !wanted && !result_.lost)
    result_.lost = "the process that kept it has died";
  phase_ = Phase::finished;
  return {{Kind::kill_all}, {Kind::finish}};
}

Actions Course::on_input_end() {
  input_ended_ = true;
  return phase_ == Phase::holding ? Actions{{Kind::tell, kCancel}} : Actions{};
}

Actions Course::on_time(BootTime now) {
  if (now >= patience_ends_) {
    result_.abandoned = true;
    return on_holder_gone();
  }
  if (phase_ == Phase::running && now >= term_at_) {
    Actions actions{{Kind::tell, kTimeUp}};
    for (const Action& action : lose("etcd has not renewed its lease in time", kill_at_, now))
      actions.push_back(action);
    return actions;
  }
  // The holder was told to start CMD and has not answered: CMD may run or not.
  if (phase_ == Phase::starting && now >= kill_at_) {
    result_.lost = "etcd has not renewed its lease in time";
    return strike(now);
  }
  if (phase_ == Phase::stopping && now >= kill_at_) return strike(now);
  if (phase_ == Phase::killed && now >= next_strike_) return strike(now);
  return {};
}

BootTime Course::next_time() const {
  if (phase_ == Phase::running) return std::min(term_at_, patience_ends_);
  if (phase_ == Phase::stopping || phase_ == Phase::starting)
    return std::min(kill_at_, patience_ends_);
  if (phase_ == Phase::killed) return std::min(next_strike_, patience_ends_);
  return patience_ends_;
}

}  // namespace coord::run
