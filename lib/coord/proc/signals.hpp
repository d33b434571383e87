// Signals as something to read in a poll loop, and the memory of how we were started.
//
// Taken: INT TERM HUP QUIT USR1 USR2 WINCH TSTP CONT, which coord forwards or acts on, and CHLD.
// They are blocked and read from a signalfd. TTIN and TTOU are blocked and not read: whoever keeps
// a deadline must not be stopped because it writes a message from the background (blocked, the
// write goes through). PIPE is ignored: a closed pipe is an error of write(2). All others keep
// their default, to end us, and the other process of the pair then ends CMD.
//
// A signal that we were started to ignore (HUP under nohup, INT in a script's background job) stays
// ignored, here and in CMD; it is neither blocked nor read, because the kernel queues what is
// blocked even if it is ignored. Except CHLD: ignored, it would make the kernel throw away how our
// children ended; so it is reset here, and CMD gets it back.
#pragma once

#include <signal.h>

#include <optional>

#include "coord/base/result.hpp"
#include "coord/proc/fd.hpp"

namespace coord::proc {

// What survives exec(): the mask, and which signals are ignored. The default value: nothing
// blocked, nothing ignored.
struct SignalState {
  sigset_t mask{};
  sigset_t ignored{};

  static SignalState current();

  // Gives the calling process these dispositions (default or ignored) and then this mask.
  // Async-signal-safe.
  void restore() const noexcept;
};

// Ignores PIPE from now on, so that a closed pipe is an error of write(2), and keeps in mind
// whether it was ignored before: CMD finds it as we did. Once, early in main().
void ignore_broken_pipes();

struct Signal {
  int number = 0;
  pid_t sender = 0;  // 0 when the kernel sent it, or somebody outside our pid namespace
  bool from_kernel =
      false;  // a key on the terminal, a hangup: the whole foreground group has got it already
};

// The state to give to CMD: current(), but for what ignore_broken_pipes() has done.
SignalState inherited_signals();

// Is it one that asks a program to end: INT, TERM, HUP or QUIT?
bool ends_us(int number);

// One a process, made before there is any thread. Not undone by the destructor: signals that came
// meanwhile would strike. A forked child may read its parent's: a signalfd delivers the signals of
// the process that reads.
class Signals {
 public:
  static Result<Signals> take();  // Code::os when there is no file descriptor left

  const SignalState& original() const { return original_; }  // for CMD
  int fd() const { return fd_.get(); }

  // The next one that has come; never blocks. Several equal ones may be seen as one.
  std::optional<Signal> next();

 private:
  Signals() = default;

  SignalState original_;
  Fd fd_;
};

}  // namespace coord::proc
