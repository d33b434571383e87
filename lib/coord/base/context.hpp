// Context: how long a call may block, and who may stop it. The first parameter of everything that
// waits (Go's ctx).
//
// A small value; copy it freely, from any thread. It does not own the stop source. A call given a
// Context returns Code::cancelled soon after the token is pulled and Code::timed_out soon after the
// deadline. Clean-up must not run under the context that was cancelled: make a fresh bounded one
// with Context::within().
#pragma once

#include <algorithm>
#include <stop_token>
#include <string_view>

#include "coord/base/clock.hpp"
#include "coord/base/result.hpp"

namespace coord {

class Context {
 public:
  Context() = default;  // may block for ever, cannot be stopped
  explicit Context(std::stop_token stop, BootTime deadline = kNever)
      : stop_(std::move(stop)), deadline_(deadline) {}

  static Context within(Duration limit) { return Context({}, after(BootClock::now(), limit)); }

  // The same, but ending no later than that.
  Context until(BootTime deadline) const { return Context(stop_, std::min(deadline_, deadline)); }
  Context at_most(Duration limit) const { return until(after(BootClock::now(), limit)); }

  const std::stop_token& stop() const { return stop_; }
  BootTime deadline() const { return deadline_; }
  bool has_deadline() const { return deadline_ != kNever; }
  Duration remaining() const { return deadline_ - BootClock::now(); }  // may be negative
  bool stopped() const { return stop_.stop_requested(); }
  bool expired() const { return has_deadline() && BootClock::now() >= deadline_; }

  // An error, cancelled or timed_out, once the context has ended; WHAT opens its message.
  Result<> check(std::string_view what) const;

  // Blocks for the span, or until the context ends, whichever is first. Time in suspend counts: it
  // returns within half a second of waking up.
  void sleep(Duration span) const;

 private:
  std::stop_token stop_;
  BootTime deadline_ = kNever;
};

}  // namespace coord
