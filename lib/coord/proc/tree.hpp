// A process and all that descends from it, whatever groups and sessions they have moved to.
//
// Who is below is read from /proc, one process after the other, so a look can miss what is forked
// or orphaned meanwhile. A signal goes through a pidfd after the start time was compared: never to
// a stranger that got the pid. Nothing blocks; any thread.
#pragma once

#include <sys/types.h>

#include <functional>
#include <vector>

#include "coord/proc/process.hpp"

namespace coord::proc {

// All that is below ROOT, without ROOT, parents before their children; zombies are among them.
std::vector<Process> descendants(pid_t root, const Family& family = Family());

// The same as it goes: VISIT hears of each process at once, before its children are looked up.
void visit_descendants(pid_t root, const Family& family,
                       const std::function<void(const Process&)>& visit);

// To exactly this process; nothing happens if it is gone, or not ours to signal.
void signal_process(const Process& process, int signal);

// Once to each that is found. STOP and KILL are repeated until nobody new is found, because who is
// forked meanwhile must not be spared; a child forked in answer to a TERM, such as a trap's rm,
// must be. ROOT is ours or a descendant of ours. With getpid() and without the root it is all that
// we have started, orphans too (a subreaper).
void signal_tree(pid_t root, int signal, bool include_root);

}  // namespace coord::proc
