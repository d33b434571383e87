#include <algorithm>

#include "cmd/run/holder_process.hpp"
#include "cmd/run/protocol.hpp"

namespace coord::run {
namespace {

constexpr Duration kStrikeAgain = std::chrono::milliseconds{50};

}  // namespace

void Holder::on_acquired(Result<Taken> taken) {
  if (!taken) {
    line_.reset();
    error_ = taken.error();
    return finish();
  }
  phase_ = Phase::ready;
  // First of all: the guardian answers while we prepare.
  if (plan_->command && !cancelled_) guardian_.say(kReady);
  line_.reset();
  tenure_.emplace(*plan_, *client_, *std::move(taken), options_.deadline, changed_);
  if (cancelled_) return give_back();
  check_hold();
  if (phase_ == Phase::ready && !plan_->command) hold();
}

void Holder::hold() {
  phase_ = Phase::holding;
  guardian_.say(kHolding);
  const auto shown = plan_->claim->show(*env_, tenure_->taken().held);
  if (!shown) fail_with(shown.error());
}

void Holder::start() {
  auto command =
      HeldCommand::start(*plan_, *env_, *signals_, tenure_->taken(), options_.join_group);
  if (!command) return fail_with(command.error());
  command_.emplace(*std::move(command));
  phase_ = Phase::running;
  guardian_.started(command_->child());
}

void Holder::on_command_ended(int status) {
  command_status_ = status;
  guardian_.ended(status);
  if (!lost_ && !plan_->wait_tree) return give_back();
  command_->reap();
  phase_ = Phase::draining;
  drain();
}

void Holder::drain() {
  if (!is_anybody_left()) give_back();
}

// The tenure goes on watching meanwhile: to end a watch would cost a round trip, and what it says
// is not asked for any more.
void Holder::give_back() {
  const bool in_order = phase_ != Phase::ready && !lost_ && !error_ && !guardian_.is_dead();
  phase_ = Phase::giving_back;
  giving_back_.emplace(*env_, *client_, *plan_, tenure_->taken(),
                       GivingBack::Reason{in_order, lost_, command_status_}, changed_);
}

void Holder::fail_with(Error error) {
  error_ = std::move(error);
  give_back();
}

void Holder::finish() {
  phase_ = Phase::finished;
  if (!error_ && giving_back_) error_ = giving_back_->error();
  guardian_.finished(error_);
}

void Holder::check_hold() {
  const auto lost = tenure_->look();
  set_timer();
  if (lost) return lose(*lost);
  // After an outage it may be held with too little time left: the next renewal makes more.
  const bool may_start = phase_ == Phase::ready && may_start_ && !cancelled_;
  if (may_start && BootClock::now() < tenure_->times().term_at) start();
}

BootTime Holder::kill_at() const {
  return tenure_ ? std::min(kill_at_, tenure_->times().kill_at) : kill_at_;
}

void Holder::set_timer() {
  if (killing_) return timer_.set(after(BootClock::now(), kStrikeAgain));
  const BootTime term_at = tenure_->times().term_at;
  timer_.set(BootClock::now() < term_at ? std::min(term_at, kill_at()) : kill_at());
}

void Holder::lose(const std::string& why) {
  if (lost_ || phase_ == Phase::giving_back || phase_ == Phase::finished ||
      phase_ == Phase::acquiring)
    return;
  lost_ = true;
  guardian_.lost(why);
  if (phase_ != Phase::running && phase_ != Phase::draining) return give_back();
  kill_at_ = std::min(tenure_->times().kill_at, after(BootClock::now(), plan_->grace));
  term_for_guardian();
  set_timer();
}

// TERM is the guardian's to send, but Ctrl-Z has stopped it with CMD.
void Holder::term_for_guardian() const {
  if (guardian_.is_stopped()) term_all();
}

}  // namespace coord::run
