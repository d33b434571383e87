#include "cmd/run/busy_policy.hpp"

#include <algorithm>

namespace coord::run {
namespace {

constexpr Duration kStrikeAgain = std::chrono::milliseconds{50};  // who is forked may be missed

}  // namespace

BusyPolicy::Kept BusyPolicy::on_event(BootTime now) {
  if (ending_ || (busy_ && options_.on_busy == OnBusy::drop)) return Kept::no;
  if (waiting_ == 0) first_ = now;
  last_ = now;
  if (options_.on_busy == OnBusy::queue) {
    ++waiting_;
    return Kept::behind;
  }
  waiting_ = 1;
  return Kept::instead;
}

void BusyPolicy::on_started() {
  --waiting_;
  busy_ = true;
  told_ = false;
  kill_at_ = kNever;
}

void BusyPolicy::on_gone() {
  busy_ = false;
  told_ = false;
  kill_at_ = kNever;
}

void BusyPolicy::end(BootTime now) {
  if (ending_) kill_at_ = now;
  ending_ = true;
  waiting_ = 0;
}

BusyPolicy::Step BusyPolicy::step(BootTime now) {
  const bool is_due = !ending_ && now >= due();
  if (!busy_) return is_due ? Step::start : Step::none;
  if (now >= kill_at_) {
    told_ = true;
    kill_at_ = now + kStrikeAgain;
    return Step::kill;
  }
  if (is_due && options_.on_busy == OnBusy::signal) {
    waiting_ = 0;
    return Step::signal;
  }
  if (told_ || (!ending_ && (!is_due || options_.on_busy != OnBusy::restart))) return Step::none;
  told_ = true;
  kill_at_ = after(now, options_.grace);
  return Step::term;
}

BootTime BusyPolicy::next_time() const {
  const bool acts = !busy_ || options_.on_busy == OnBusy::signal ||
                    (options_.on_busy == OnBusy::restart && !told_);
  return std::min(kill_at_, acts ? due() : kNever);
}

BootTime BusyPolicy::due() const {
  if (waiting_ == 0) return kNever;
  return std::min(after(last_, options_.debounce), after(first_, kPatience * options_.debounce));
}

}  // namespace coord::run
