// serve(): keeps a service listed while its command runs, or until a signal ends it. The whole of
// `register` behind the parsing of its options.
//
// Unlike hold() nothing is stopped when the lease is lost: the entry is put again, and CMD never
// knows. CMD starts when it is listed: who may not have the entry starts nothing. With a check it
// starts when etcd was reached and nobody else has the entry, and is listed while that says that it
// is well. At TERM, INT and QUIT the entry goes first, for a second at most, then CMD gets the
// signal (a CMD that outlives it stays unlisted); all other signals it gets at once. When CMD has
// ended the entry is gone before we are. When coord is killed CMD dies with it (PR_SET_PDEATHSIG),
// and the lease ends the entry; what CMD itself has started may live on, unlisted.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/run/health_check.hpp"
#include "cmd/run/plan.hpp"
#include "coord/recipe/registration.hpp"

namespace coord::run {

struct ServicePlan {
  std::string what;     // "register 'web' 10.0.0.1:80", for messages
  std::string subject;  // "entry 'web' 10.0.0.1:80", for the service manager
  recipe::Registered entry;
  std::chrono::seconds ttl{15};
  recipe::Rival rival = recipe::Rival::refuse;
  std::optional<Duration> timeout;  // of the wait for an entry whose holder is dead; 0: no wait
  std::optional<HealthCheckSpec> check;
  Variables variables;  // for CMD and the check
  bool notify = false;  // tell the service manager
  // Prints that it is listed, where there is no CMD.
  std::function<Result<>(std::int64_t revision, std::int64_t lease)> show;
};

// CMD's exit status; 0 at INT and TERM without a CMD; or ends this process by the signal that ended
// it. Code::busy: somebody else has the entry; unavailable, denied: nothing was started, or CMD was
// stopped because it cannot be listed in the first place; no_command, cannot_execute.
Result<int> serve(ServicePlan plan, cli::Env& env);

}  // namespace coord::run
