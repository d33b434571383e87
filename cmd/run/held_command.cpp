#include "cmd/run/held_command.hpp"

#include <unistd.h>

#include <csignal>

#include "cmd/run/surroundings.hpp"
#include "coord/proc/reaper.hpp"
#include "coord/proc/tree.hpp"

namespace coord::run {
namespace {

constexpr Duration kKillLimit = std::chrono::seconds{5};

}  // namespace

Result<HeldCommand> HeldCommand::start(const Plan& plan, cli::Env& env,
                                       const proc::Signals& signals, const Taken& taken,
                                       std::optional<pid_t> join_group) {
  COORD_TRY_INTO(proc::ChildSpec spec, command_spec(plan, env, signals, taken));
  if (join_group) {
    spec.group = proc::ChildSpec::Group::join;
    spec.join_group = *join_group;
  }
  auto child = proc::Child::start(spec);
  if (!child) return std::unexpected(start_failure(child.error()));
  return HeldCommand(*std::move(child));
}

std::optional<int> HeldCommand::wait_status() {
  const auto status = child_.exited();
  if (!status) proc::reap_orphans(child_.pid());
  return status;
}

bool is_anybody_left() {
  proc::reap_orphans(0);
  return !proc::descendants(getpid()).empty();
}

void term_all() {
  proc::signal_tree(getpid(), SIGTERM, false);
  proc::signal_tree(getpid(), SIGCONT, false);
}

void kill_all_once() { proc::signal_tree(getpid(), SIGKILL, false); }

void kill_all() {
  while (!proc::kill_all_children(after(BootClock::now(), kKillLimit))) {
  }
}

}  // namespace coord::run
