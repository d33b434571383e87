// Processes as /proc shows them. A look, not a truth: what is returned may have ended, or forked,
// before it is read. Nothing blocks; without a /proc of our pid namespace nothing is ever found.
// Threads: any.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace coord::proc {

struct Process {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  std::uint64_t start = 0;  // clock ticks after boot. With pid it is one process and no later one
  char state = '?';         // as ps shows it

  bool is_stopped() const { return state == 'T'; }
};

// The text of a /proc/PID/stat. The name in it may hold anything: blanks, parentheses, newlines.
std::optional<Process> parse_stat(std::string_view text);

std::optional<Process> find_process(pid_t pid);  // nothing if there is none (zombies count)

// Who is whose child. From /proc/PID/task/TID/children where the kernel has it, when it is asked;
// else from the stat of every process, when it is made.
class Family {
 public:
  enum class Source { children_files, every_process };

  static Source best_source();

  explicit Family(Source source = best_source());

  std::vector<pid_t> children_of(pid_t parent) const;

 private:
  Source source_;
  bool is_proc_ours_;
  std::multimap<pid_t, pid_t> children_;  // by parent; every_process only
};

}  // namespace coord::proc
