#include "coord/proc/tree.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <unordered_set>

#include "coord/proc/fd.hpp"

namespace coord::proc {
namespace {

constexpr int kMostRounds =
    1000;  // a process that forks as fast as it is stopped must not keep us for ever

bool needs_rounds(int signal) { return signal == SIGSTOP || signal == SIGKILL; }

std::vector<Process> members(pid_t root, bool include_root) {
  std::vector<Process> all = descendants(root);
  if (!include_root) return all;
  if (const auto process = find_process(root)) all.insert(all.begin(), *process);
  return all;
}

}  // namespace

void visit_descendants(pid_t root, const Family& family,
                       const std::function<void(const Process&)>& visit) {
  std::unordered_set<pid_t> known{root,
                                  getpid()};  // an orphan may have come to us since it was listed
  std::vector<pid_t> order{root};
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (const pid_t pid : family.children_of(order[i])) {
      const auto process = find_process(pid);
      if (!process || !known.contains(process->parent) || !known.insert(pid).second) continue;
      visit(*process);
      order.push_back(pid);
    }
  }
}

std::vector<Process> descendants(pid_t root, const Family& family) {
  std::vector<Process> found;
  visit_descendants(root, family, [&](const Process& process) { found.push_back(process); });
  return found;
}

void signal_process(const Process& process, int signal) {
  const Fd pidfd(static_cast<int>(syscall(SYS_pidfd_open, process.pid, 0)));
  if (!pidfd) return;
  const auto now = find_process(process.pid);
  if (!now || now->start != process.start) return;
  (void)syscall(SYS_pidfd_send_signal, pidfd.get(), signal, nullptr, 0);
}

void signal_tree(pid_t root, int signal, bool include_root) {
  std::set<std::pair<pid_t, std::uint64_t>> told;
  for (int round = 0; round < kMostRounds; ++round) {
    bool anybody_new = false;
    for (const Process& process : members(root, include_root)) {
      if (!told.emplace(process.pid, process.start).second) continue;
      anybody_new = true;
      signal_process(process, signal);
    }
    if (!anybody_new || !needs_rounds(signal)) return;
  }
}

}  // namespace coord::proc
