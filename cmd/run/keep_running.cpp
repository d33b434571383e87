#include "cmd/run/keep_running.hpp"

#include <fmt/format.h>

#include "cmd/cli/report.hpp"
#include "cmd/run/keeper.hpp"
#include "cmd/run/outcome.hpp"
#include "coord/proc/exit_status.hpp"
#include "coord/proc/reaper.hpp"

namespace coord::run {

Result<Keeper::End> Keeper::run() {
  poller_.watch(Source::signals, signals_->fd());
  poller_.watch(Source::news, source_.fd());
  poller_.watch(Source::timer, timer_.fd());
  while (!end_) {
    COORD_TRY(poller_.wait());
    (void)timer_.fired();
    if (poller_.ready(Source::signals)) take_signals();
    if (end_) break;
    if (poller_.ready(Source::news)) COORD_TRY(hear());
    COORD_TRY(act());
    timer_.set(next_time());
  }
  return *end_;
}

Result<> Keeper::hear() {
  source_.clear();
  while (auto event = source_.take()) {
    // The first one does not wait for quiet.
    const auto kept = policy_.on_event(is_first() ? BootTime{} : BootClock::now());
    if (kept != BusyPolicy::Kept::no) newest_ = *std::move(event);
  }
  const auto ended = source_.ended();
  if (!ended || *ended || source_ended_) return {};
  source_ended_ = true;
  if (is_first()) return std::unexpected(ended->error());
  env_->note(fmt::format("{}; {} goes on with what it has",
                         cli::spoken(ended->error(), env_->color()), env_->child()->front()));
  return {};
}

BootTime Keeper::next_time() const {
  const BootTime next = policy_.next_time();
  return is_asked() && !policy_.is_stopping() && !policy_.is_ending() ? std::max(next, asked_until_)
                                                                      : next;
}

Result<> Keeper::act() {
  if (policy_.is_busy() && !policy_.is_stopping() && !policy_.is_ending()) {
    if (policy_.waiting() > 0 && newest_.variables == running_) policy_.forget();
    if (is_asked()) return {};
  }
  for (;;) {
    switch (policy_.step(BootClock::now())) {
      case BusyPolicy::Step::none:
        return {};
      case BusyPolicy::Step::start:
        COORD_TRY(start());
        break;
      case BusyPolicy::Step::signal:
        running_ = newest_.variables;
        command_->signal(options_.signal);
        break;
      case BusyPolicy::Step::term:
        env_->detail(
            fmt::format("coord: {}: has changed: restarting {}", *what_, env_->child()->front()));
        command_->stop();
        break;
      case BusyPolicy::Step::kill:
        command_->kill();
        look_after_command();
        if (end_) return {};
        break;
    }
  }
}

Result<> Keeper::start() {
  COORD_TRY_INTO(EventCommand command, EventCommand::start(*env_, *signals_, newest_, place_));
  command_.emplace(std::move(command));
  running_ = newest_.variables;
  policy_.on_started();
  return {};
}

Result<int> keep_running(cli::Env& env, const std::string& what, NextEvent next,
                         BusyOptions options) {
  COORD_TRY(env.connection());  // asks for a password, if it must, before there are threads
  COORD_TRY_INTO(proc::Signals signals, proc::Signals::take());
  COORD_TRY_INTO(proc::Timer timer, proc::Timer::create());
  COORD_TRY(proc::become_subreaper());
  Result<Keeper::End> end;
  {
    Keeper keeper(env, what, std::move(next), options, signals, std::move(timer));
    end = keeper.run();
  }
  if (!end) return std::unexpected(end.error());
  if (end->die_by) return proc::die_by_signal(*end->die_by);
  return end->status;
}

}  // namespace coord::run
