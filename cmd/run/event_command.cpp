#include "cmd/run/event_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "cmd/run/surroundings.hpp"
#include "coord/proc/terminal.hpp"
#include "coord/proc/tree.hpp"

namespace coord::run {

Result<proc::Environment> environment_for(cli::Env& env, const Event& event) {
  proc::Environment environment;
  if (!event.pristine) {
    COORD_TRY_INTO(environment, child_environment(env, false));
    for (const std::string& name : event.absent) environment.unset(name);
    for (const auto& [name, value] : event.remarks) environment.set(name, value);
  }
  for (const auto& [name, value] : event.variables) environment.set(name, value);
  return environment;
}

EventCommand::Place EventCommand::beside_us() {
  return proc::Terminal::controlling() ? Place::our_group : Place::own_group;
}

Result<EventCommand> EventCommand::start(cli::Env& env, const proc::Signals& signals,
                                         const Event& event, Place place) {
  COORD_TRY_INTO(const proc::Environment environment, environment_for(env, event));
  proc::ChildSpec spec;
  spec.argv = event.argv.empty() ? *env.child() : event.argv;
  spec.environment = environment.list();
  if (place == Place::our_group) spec.group = proc::ChildSpec::Group::inherit;
  spec.signals = signals.original();
  spec.input = event.input.get();
  auto child = proc::Child::start(spec);
  if (!child) return std::unexpected(start_failure(child.error()));
  return EventCommand(*std::move(child), place);
}

void EventCommand::signal(int number) const {
  if (place_ == Place::our_group) return child_.signal(number);
  child_.signal_group(number);
}

void EventCommand::signal_all(int number) const {
  if (place_ == Place::our_group) return proc::signal_tree(getpid(), number, false);
  child_.signal_group(number);
}

void EventCommand::stop() const {
  signal_all(SIGTERM);
  signal_all(SIGCONT);  // who is stopped hears nothing else
}

void EventCommand::kill() const { signal_all(SIGKILL); }

bool EventCommand::has_left_others() const {
  return std::ranges::any_of(proc::descendants(getpid()), [this](const proc::Process& one) {
    const bool counts = place_ == Place::our_group || one.group == child_.pid();
    return counts && one.pid != child_.pid() && one.state != 'Z';
  });
}

}  // namespace coord::run
