#include "coord/proc/reaper.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <set>
#include <unordered_set>
#include <vector>

#include "coord/proc/fd.hpp"
#include "coord/proc/poller.hpp"
#include "coord/proc/tree.hpp"

namespace coord::proc {
namespace {

// How long to wait for one of our children to end before looking again: for those further down
// there is no notice, and a look at /proc may have missed somebody.
constexpr std::chrono::milliseconds kLookAgain{20};
constexpr std::size_t kMostWatched = 64;  // children; each takes a file descriptor

// Whether there is nobody left to wait for.
bool reap_ended() {
  pid_t pid = 0;
  do {
    pid = waitpid(-1, nullptr, WNOHANG | __WALL);
  } while (pid > 0 || (pid < 0 && errno == EINTR));
  return pid < 0;
}

// Rounds of KILL over all descendants, each as soon as it is seen: where hundreds compete for the
// processor with us, there is no time to make a list first.
class Hunt {
 public:
  // Whether it found somebody that no earlier round had.
  bool round() {
    const std::size_t before = known_.size();
    struck_.clear();
    visit_descendants(getpid(), Family(), [this](const Process& process) { strike(process); });
    return known_.size() > before;
  }

 private:
  // Can nobody in its group be a stranger? A session is entered by being born in it only: one that
  // is not ours and has a descendant in it was founded by a descendant. In our own session the
  // founder of the group must be one.
  bool is_group_ours(const Process& member) const {
    if (member.group <= 1 || member.group == own_group_) return false;
    return member.session != own_session_ || pids_.contains(member.group);
  }

  void strike(const Process& process) {
    known_.emplace(process.pid, process.start);
    pids_.insert(process.pid);
    // While the member is there, if only as a zombie, no other group can have this number.
    if (is_group_ours(process) && struck_.insert(process.group).second && is_there(process)) {
      kill(-process.group, SIGKILL);
    }
    signal_process(process, SIGKILL);
  }

  static bool is_there(const Process& process) {
    const auto now = find_process(process.pid);
    return now && now->start == process.start;
  }

  std::set<std::pair<pid_t, std::uint64_t>> known_;
  std::unordered_set<pid_t> pids_;    // those of known_
  std::unordered_set<pid_t> struck_;  // groups, in this round
  pid_t own_group_ = getpgrp();
  pid_t own_session_ = getsid(0);
};

// ENDED are children that were seen to have ended. Who is still there then cannot be reaped (a
// debugger has a claim on it) and is not waited for, since its pidfd stays ready.
void wait_for_an_end(BootTime until, std::set<pid_t>& ended) {
  std::vector<Fd> pidfds;
  std::vector<pid_t> pids;
  std::vector<pollfd> polled;
  for (const pid_t pid : Family().children_of(getpid())) {
    if (ended.contains(pid)) continue;
    Fd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd || pidfds.size() == kMostWatched) break;
    polled.push_back({pidfd.get(), POLLIN, 0});
    pids.push_back(pid);
    pidfds.push_back(std::move(pidfd));
  }
  if (!poll_until(polled, std::min(until, after(BootClock::now(), kLookAgain)))) return;
  for (std::size_t i = 0; i < polled.size(); ++i) {
    if (polled[i].revents != 0) ended.insert(pids[i]);
  }
}

}  // namespace

Result<> become_subreaper() {
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) == 0) return {};
  return std::unexpected(os_error("cannot become a subreaper", errno));
}

void reap_orphans(pid_t except) {
  for (;;) {
    siginfo_t info{};
    if (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT | WNOHANG) != 0) return;
    if (info.si_pid == 0 || info.si_pid == except) return;
    waitpid(info.si_pid, nullptr, WNOHANG);
  }
}

bool kill_all_children(BootTime until) {
  Hunt hunt;
  std::set<pid_t> ended;
  while (!reap_ended()) {
    const bool anybody_new = hunt.round();
    if (BootClock::now() >= until) return reap_ended();
    if (!anybody_new) wait_for_an_end(until, ended);
  }
  return true;
}

}  // namespace coord::proc
