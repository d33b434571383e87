#include "cmd/run/command.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "cmd/run/surroundings.hpp"
#include "coord/proc/tree.hpp"

namespace coord::run {

Result<Command> Command::start(cli::Env& env, const proc::Signals& signals,
                               const Variables& variables, int input) {
  COORD_TRY_INTO(proc::Environment environment, child_environment(env, false));
  for (const auto& [name, value] : variables) environment.set(name, value);
  proc::ChildSpec spec;
  spec.argv = *env.child();
  spec.environment = environment.list();
  spec.signals = signals.original();
  spec.input = input;
  auto child = proc::Child::start(spec);
  if (!child) return std::unexpected(start_failure(child.error()));
  return Command(*std::move(child));
}

void Command::stop() const {
  child_.signal_group(SIGTERM);
  child_.signal_group(SIGCONT);  // who is stopped hears nothing else
}

bool Command::has_left_others() const {
  return std::ranges::any_of(proc::descendants(getpid()), [this](const proc::Process& one) {
    return one.group == child_.pid() && one.pid != child_.pid() && one.state != 'Z';
  });
}

}  // namespace coord::run
