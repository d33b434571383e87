// EventSource: a thread that asks for events and hands them over one at a time. It does not ask for
// the next one before somebody has taken the last: what is not taken waits at its source.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "cmd/run/plan.hpp"
#include "coord/base/context.hpp"
#include "coord/base/notifier.hpp"
#include "coord/proc/fd.hpp"

namespace coord::run {

// As long as "NAME=VALUE" can be for exec(2), with its NUL (MAX_ARG_STRLEN).
inline constexpr std::size_t kLongestVariable = std::size_t{128} * 1024;

// For CMD that has run for an event, with its wait status (proc/exit_status.hpp). In a thread of
// its own; the context ends three seconds after coord was asked to end, or at the second time. Its
// error ends it all.
using Done = std::function<Result<>(const Context&, int wait_status)>;

struct Event {
  Variables variables;              // set over coord's own environment and the connection
  Variables remarks;                // these too; they make no difference between two events
  bool pristine = false;            // nothing but VARIABLES
  std::vector<std::string> absent;  // variables that CMD must not inherit
  std::vector<std::string> argv;    // CMD, where it is not that of the command line
  proc::Fd input;                   // CMD's stdin, at its beginning; none: ours
  // These may be empty, and are not called for events that are left out. Right before CMD is
  // started, in the main thread; its error ends it all.
  std::function<Result<>()> begin;
  Done done;
  bool runs = true;  // false: BEGIN is all that is to be done
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
