// What happens while a service is listed: news of its entry, signals, CMD's end, checks.
#include <fmt/format.h>

#include <csignal>

#include "cmd/run/service_process.hpp"
#include "coord/proc/reaper.hpp"

namespace coord::run {

using Kind = recipe::RegistrationNews::Kind;

// --- what the registration says ---

void ServiceProcess::hear() {
  changed_.clear();
  if (opening_) {
    if (auto session = opening_->take()) on_opened(*std::move(session));
  }
  if (!registration_) return;
  for (recipe::RegistrationNews& news : registration_->take_news()) on_news(std::move(news));
  if (command_ && !registration_->is_listed()) command_->on_unlisted();
}

void ServiceProcess::on_news(recipe::RegistrationNews news) {
  switch (news.kind) {
    case Kind::listed:
      return on_listed(news.revision);
    case Kind::unlisted:
      return;
    case Kind::gone:
      return say(over_ || draining_ ? "" : "the entry is gone; registering again");
    case Kind::taken:
      if (!was_listed_) return give_up({Code::busy, "somebody else has registered it", ""});
      return say("somebody else has registered it; it comes back when that entry is gone");
    case Kind::interrupted:
      return say(news.error.message);
    case Kind::resumed:
      return say("etcd is back");
    case Kind::failed:
      if (!was_listed_ && (!command_ || news.error.code == Code::denied))
        return give_up(std::move(news.error));
      if (!env_->child() && news.error.code == Code::denied && !registration_->is_listed())
        return give_up(std::move(news.error));  // it is not, and won't be again
      return say(news.error.message);
  }
}

void ServiceProcess::on_listed(std::int64_t revision) {
  if (!draining_ && !over_) herald_.holds(plan_->subject);
  if (std::exchange(was_listed_, true)) return say(check_ ? "" : "registered again");
  if (env_->child()) return check_ ? void() : start();
  if (const auto shown = plan_->show(revision, registration_->lease()); !shown)
    give_up(shown.error());
}

void ServiceProcess::say(const std::string& text) {
  if (text.empty()) return;
  env_->note(fmt::format("coord: {}: {}", plan_->what, text));
  herald_.tells(text);
}

void ServiceProcess::give_up(Error error) {
  if (error_) return;
  error_ =
      error.code == Code::output ? std::move(error) : in_context(plan_->what, std::move(error));
  if (!command_) return void(over_ = true);
  command_->end();
}

// --- signals, and CMD's end ---

void ServiceProcess::take_signals() {
  while (const auto signal = signals_->next()) on_signal(*signal);
  if (check_) {
    if (const auto result = check_->on_child()) on_check(*result);
  }
  const auto status = command_ ? command_->ended() : std::nullopt;
  if (!status) return reap_strangers();
  command_.reset();
  if (!error_) status_ = *status;
  over_ = true;
}

// As the first process of a container we have the orphans. One that ends while a check runs waits
// for the check's end.
void ServiceProcess::reap_strangers() const {
  if (!check_ || !check_->runs()) proc::reap_orphans(command_ ? command_->pid() : 0);
}

void ServiceProcess::on_signal(const proc::Signal& signal) {
  if (signal.number == SIGCHLD) return;
  if (signal.number == SIGTSTP) {
    if (command_) command_->stop(signal);
    (void)raise(SIGSTOP);
    return;
  }
  const bool ends = proc::ends_us(signal.number);
  if (!command_) return ends ? end_without_command(signal.number) : void();
  if (ends) ended_by_ = signal.number;
  if (command_->on_signal(signal, registration_->is_listed())) drain();
}

void ServiceProcess::end_without_command(int number) {
  if (!ended_by_) ended_by_ = number;
  herald_.ends();
  if (!opening_) return void(over_ = true);
  opening_->cancel();
}

void ServiceProcess::drain() {
  if (std::exchange(draining_, true)) return;
  herald_.ends();
  registration_->list(false);
}

// --- the check, and time ---

void ServiceProcess::on_check(const CheckResult& result) {
  if (draining_ || over_) return;
  if (healthy_ != result.healthy)
    say(result.healthy ? "the check is passed: listed"
                       : fmt::format("the check {}: not listed", result.why));
  healthy_ = result.healthy;
  registration_->list(result.healthy);
}

void ServiceProcess::on_time() {
  if (check_ && !draining_) {
    if (const auto result = check_->on_time()) on_check(*result);
  }
  const BootTime now = BootClock::now();
  if (command_) command_->on_time(now);
  // That nothing is listed is no reason to start CMD again: as long as we go on, all is well.
  if (now >= herald_.next_time()) herald_.on_time(now, true);
}

void ServiceProcess::set_timer() {
  const BootTime check = check_ && !draining_ ? check_->next_time() : kNever;
  const BootTime command = command_ ? command_->next_time() : kNever;
  timer_.set(std::min({check, command, herald_.next_time()}));
}

}  // namespace coord::run
