// Reaper: the end of everything that this process has started, directly or through others.
//
// A subreaper inherits every orphan below it, also one that double-forked into a session of its
// own: whatever was started stays a descendant as long as we live, and nothing counts as ended
// before it is reaped here. When we are killed ourselves the orphans go to the next subreaper
// above, the other process of the pair.
#pragma once

#include <sys/types.h>

#include "coord/base/clock.hpp"
#include "coord/base/result.hpp"

namespace coord::proc {

// Before anything is started, and again in each process of the pair: a forked child does not
// inherit it. Code::os.
Result<> become_subreaper();

// Reaps orphans that have ended; call it after SIGCHLD. EXCEPT, the child whose end somebody else
// asks for, stays. The moment that one has ended, orphans may stay with it. Never blocks.
void reap_orphans(pid_t except);

// Sends KILL to all descendants and reaps them. Whether none is left; false: some did not die in
// time (they hang in the kernel, or run as another user), and were all sent KILL. Blocks until then
// at the most; with a time in the past it makes one attempt. Afterwards every Child is reaped: ask
// Child::exited() before. No other thread may wait for children or fork meanwhile.
//
// Whom to kill is read from /proc. Where there is none of our pid namespace, nobody is found and
// the answer is false: send Child::signal_group(SIGKILL) first, which needs no /proc.
//
// Against whoever forks faster than it is killed: rounds follow each other until one finds nobody
// new, parents go before children, and whole process groups are killed where all members are known
// to be ours, because that is atomic in the kernel: fork fails once a signal is pending, and a
// group's new member is not missed. STOP before KILL would add nothing: a process that has a KILL
// pending forks no more than a stopped one.
bool kill_all_children(BootTime until);

}  // namespace coord::proc
