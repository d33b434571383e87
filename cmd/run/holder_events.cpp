#include "cmd/run/holder_process.hpp"
#include "cmd/run/protocol.hpp"

namespace coord::run {

Result<> Holder::run() {
  poller_.watch(Source::guardian, guardian_.fd());
  poller_.watch(Source::signals, signals_->fd());
  poller_.watch(Source::changed, changed_.fd());
  poller_.watch(Source::timer, timer_.fd());
  acquirer_.emplace(*env_, *client_, *plan_, plan_->give_up_at(), changed_);
  if (plan_->waits()) {
    WaitingLine::Listener listener;
    if (plan_->notify) listener = [this](const std::string& line) { on_waiting_line(line); };
    line_.emplace(*env_, *client_, *plan_->claim, [this] { return acquirer_->lease(); }, listener);
  }
  while (phase_ != Phase::finished) {
    COORD_TRY(poller_.wait());
    if (timer_.fired()) on_time();
    if (poller_.ready(Source::guardian) && !guardian_.hear([this](int word) { on_word(word); }))
      on_orphaned();
    if (poller_.ready(Source::changed)) on_change();
    if (poller_.ready(Source::signals)) take_signals();
  }
  return {};
}

void Holder::on_word(int word) {
  if (word == kCancel) on_cancel();
  if (word == kReport && line_) line_->report();
  if (word == kTimeUp) lose(kTooLate);
  if (word != kGo) return;
  may_start_ = true;
  if (phase_ == Phase::ready) check_hold();
}

void Holder::on_cancel() {
  cancelled_ = true;
  if (phase_ == Phase::giving_back) giving_back_->hurry();
  if (phase_ == Phase::acquiring) {
    acquirer_->cancel();
    if (line_) line_->stop();
  }
  if (phase_ == Phase::ready || phase_ == Phase::holding) give_back();
}

// The guardian is dead: nobody else looks after CMD, and nobody waits for our answer.
void Holder::on_orphaned() {
  poller_.forget(Source::guardian);
  if (phase_ == Phase::acquiring) return on_cancel();
  if (phase_ == Phase::giving_back) giving_back_->hurry();
  kill_all();  // first: so long the session is kept, and with it what is held
  command_.reset();
  if (phase_ != Phase::giving_back) give_back();
}

void Holder::on_change() {
  changed_.clear();
  if (phase_ == Phase::acquiring) {
    pass_on_line();
    if (auto taken = acquirer_->take()) on_acquired(std::move(*taken));
  } else if (phase_ == Phase::giving_back) {
    if (giving_back_->is_done()) finish();
  } else {
    check_hold();
  }
}

void Holder::on_waiting_line(const std::string& line) {
  const std::lock_guard lock(line_mutex_);
  new_line_ = line;
  changed_.post();
}

// Not to one that is stopped: there must be room for the words that matter.
void Holder::pass_on_line() {
  const std::lock_guard lock(line_mutex_);
  if (new_line_ && !guardian_.is_stopped()) guardian_.waiting(*new_line_);
  new_line_.reset();
}

void Holder::take_signals() {
  while (signals_->next()) {
  }  // all but CHLD are the guardian's
  if (!command_) return;
  if (phase_ == Phase::draining) return drain();
  if (command_->was_stopped()) guardian_.say(kStopped);
  const auto status = command_->wait_status();
  if (status && phase_ == Phase::running) on_command_ended(*status);
}

void Holder::on_time() {
  const bool runs = phase_ == Phase::running || phase_ == Phase::draining;
  if (BootClock::now() < kill_at()) {
    if (phase_ == Phase::running && !lost_) term_for_guardian();
    return set_timer();
  }
  if (runs) {
    killing_ = true;  // and again, until nobody is left
    kill_all_once();
    lose(kTooLate);
    set_timer();
  } else if (phase_ == Phase::holding || phase_ == Phase::ready) {
    lose(kTooLate);
  }
}

}  // namespace coord::run
