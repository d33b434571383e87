// Child: one process that we started. A passive object: it starts, signals and asks; it has no
// timer and no opinion.
//
// An ended child stays a zombie until reap(): so long its pid, and its group's number, are given to
// nobody else, and a signal can't strike a stranger. The destructor neither kills nor reaps. Needs
// Linux 5.4 (pidfds).
//
// A child dies with us: PR_SET_PDEATHSIG(SIGKILL). That is bound to the THREAD that forked, hence
// the main thread only. It does not reach grandchildren, and set-user-ID programs shake it off: see
// reaper.hpp for those.
#pragma once

#include <sys/types.h>

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "coord/base/result.hpp"
#include "coord/proc/fd.hpp"
#include "coord/proc/signals.hpp"

namespace coord::proc {

struct ChildSpec {
  enum class Group {
    own,      // a new process group, its number is the child's pid
    join,     // the group join_group, of our session
    inherit,  // ours
  };

  std::vector<std::string> argv;         // at least one; looked up in the PATH of environment
  std::vector<std::string> environment;  // all of it, "NAME=VALUE"
  Group group = Group::own;
  pid_t join_group = 0;
  SignalState signals;  // what it starts with; Signals::original() for CMD
  int input = -1;       // becomes its stdin; -1: ours
  int output = -1;      // becomes its stdout; -1: ours. Neither of the two is 0, 1 or 2
};

struct StartError {
  Error error;
  std::optional<int> exit_status;  // 127, 126: the program's fault; none: the system's, as in fork
};

class Child {
 public:
  // Returns when the program runs, or with the reason why it does not and nothing left behind:
  // Code::not_found (127), Code::os (126, and what went wrong before exec). Blocks as long as the
  // file system takes for exec(). From the main thread only, else Code::internal. Other threads may
  // run: between fork and exec nothing is called that could wait for them, and fork handlers (gRPC
  // has some) do not run.
  static std::expected<Child, StartError> start(const ChildSpec& spec);

  // For a child that the caller forked by itself and has not reaped. Code::os.
  static Result<Child> of(pid_t forked);

  pid_t pid() const { return pid_; }
  int pidfd() const { return pidfd_.get(); }  // readable once it has ended

  // The wait status (see exit_status.hpp) once it has ended; nothing before. Never blocks, never
  // reaps. Ask before kill_all_children(), which reaps it: afterwards it is reported as killed by
  // KILL if it was never asked.
  std::optional<int> exited();

  // The signal that stopped it, once for every time that it was stopped. Never blocks.
  std::optional<int> stopped();

  // The same as exited(), and gives its pid back. Blocks until it has ended.
  int reap();

  void signal(int number) const;  // nothing happens if it has ended

  // To all of its own group, even when the child itself has ended. Nothing happens if it was
  // started in another group, or is reaped.
  void signal_group(int number) const;

 private:
  Child(pid_t pid, Fd pidfd, bool own_group)
      : pid_(pid), pidfd_(std::move(pidfd)), own_group_(own_group) {}

  std::optional<int> await(int options);
  bool is_reserved() const;

  pid_t pid_;
  Fd pidfd_;
  bool own_group_;
  std::optional<int> status_;  // set once it was seen as ended
};

// Becomes the program of SPEC, as exec(3) does: in this process, with its own group, stdin and
// stdout. Returns only when that cannot be done, and then why; signals are those of SPEC already.
StartError become(const ChildSpec& spec);

}  // namespace coord::proc
