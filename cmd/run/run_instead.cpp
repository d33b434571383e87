#include "cmd/run/run_instead.hpp"

#include "cmd/run/event_command.hpp"
#include "cmd/run/surroundings.hpp"
#include "coord/proc/child.hpp"

namespace coord::run {

Error run_instead(cli::Env& env, const Event& event) {
  const auto environment = environment_for(env, event);
  if (!environment) return environment.error();
  proc::ChildSpec spec;
  spec.argv = *env.child();
  spec.environment = environment->list();
  spec.signals = proc::inherited_signals();
  return start_failure(proc::become(spec));
}

}  // namespace coord::run
