// What comes before an entry can be listed.
#pragma once

#include <memory>

#include "cmd/run/serve.hpp"
#include "coord/etcd/session.hpp"

namespace coord::run {

// Opens a session for the plan's entry and waits, as the plan has it, for one whose holder is dead.
// Blocks, through outages of etcd if the plan has a time limit; else a request for the command
// timeout at the most. Nothing is left behind by an error: Code::busy, timed_out, unavailable,
// denied, cancelled.
Result<std::unique_ptr<etcd::Session>> open_entry(const Context& ctx, const ServicePlan& plan,
                                                  cli::Env& env, etcd::Client& client);

}  // namespace coord::run
