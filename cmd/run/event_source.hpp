// EventSource: a thread that asks for events and hands them over one at a time. It does not ask for
// the next one before somebody has taken the last: what is not taken waits at its source.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "cmd/run/plan.hpp"
#include "coord/base/context.hpp"
#include "coord/base/notifier.hpp"
#include "coord/proc/fd.hpp"

namespace coord::run {

// For CMD that has run for an event, with its wait status (proc/exit_status.hpp). In a thread of
// its own; the context ends three seconds after coord was asked to end, or at the second time. Its
// error ends it all.
using Done = std::function<Result<>(const Context&, int wait_status)>;

struct Event {
  Variables variables;  // set over coord's own environment and the connection
  proc::Fd input;       // CMD's stdin, at its beginning; none: ours
  Done done;            // may be empty. Not called for events that are left out
};

// Blocks for the next event; nothing: there will be none. Called by one thread that is not the main
// thread, again and again; its error ends it all.
using NextEvent = std::function<Result<std::optional<Event>>(const Context&)>;

class EventSource {
 public:
  explicit EventSource(NextEvent next);  // starts to ask at once

  int fd() const { return said_.fd(); }  // readable when there is something new below
  void clear() { said_.clear(); }

  std::optional<Event> take();
  // Why there will be no more, once all are taken; a value: because there are no more.
  std::optional<Result<>> ended();

 private:
  void run(const NextEvent& next, const std::stop_token& stop);

  Notifier said_;
  std::mutex mutex_;
  std::condition_variable_any taken_;
  std::optional<Event> event_;
  std::optional<Result<>> ended_;
  std::jthread thread_;  // last: it ends first
};

}  // namespace coord::run
