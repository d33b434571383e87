// The options that `lock` and its relatives share: how long to wait, how to hold, what to do at the
// end.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/run/plan.hpp"
#include "coord/recipe/holder_info.hpp"

namespace CLI {
class App;
}

namespace coord::commands {

struct HoldOptions {
  std::optional<Duration> timeout;
  bool nonblock = false;
  std::optional<std::string> conflict_status;
  Duration ttl = std::chrono::seconds{15};
  std::optional<Duration> grace;
  std::string note;
  std::optional<std::string> status_fd;
  bool until_eof = false;
  bool wait_tree = false;
  bool pass_credentials = false;
  bool notify = false;
  bool own_lease = false;  // even inside of a session; no option of the user's
};

void add_hold_options(CLI::App& app, HoldOptions& options);

// --notify, for what a service may do.
void add_notify_option(CLI::App& app, bool& target);
// Inside of a session it is for the session to say. Code::usage.
std::unexpected<Error> refuse_notify();

// A plan without a claim. Code::usage where the options contradict each other or the lease cannot
// allow for the grace.
Result<run::Plan> plan_for(const HoldOptions& options, const cli::Env& env);

// The lease of the session that we run in, if we do (COORD_SESSION). Code::config when it is none.
Result<std::optional<std::int64_t>> session_lease(const cli::Env& env);

// Who we are, for `who` on other hosts: host, user, pid, the name of the program that is to run,
// now. For what is taken under a session's lease it is the script that called us.
recipe::HolderInfo describe_us(const HoldOptions& options, const cli::Env& env);

}  // namespace coord::commands
