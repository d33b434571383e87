// How a process ended, in the words of waitpid(2) and in those of a shell; and how to end in the
// same way.
#pragma once

#include <signal.h>

#include <optional>

namespace coord::proc {

// What waitid(2) says, as the wait status that waitpid(2) would have given.
int wait_status(const siginfo_t& info);

// A shell's $? for a wait status: the exit code, or 128 + n when signal n ended it.
int exit_status(int wait_status);

// The signal that ended it; nothing if it exited by itself.
std::optional<int> fatal_signal(int wait_status);

// Ends this process by SIGNAL without a core file, so that a parent sees it as killed: a shell then
// leaves its loop. Runs no destructor and no atexit(): flush and clean up first. Comes back only
// where SIGNAL does not end a process (CHLD, CONT, TSTP …, or we are pid 1): then with 128 + n, to
// be exited with.
[[nodiscard]] int die_by_signal(int signal);

}  // namespace coord::proc
