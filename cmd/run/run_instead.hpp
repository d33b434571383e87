// run_instead(): CMD in the place of coord, where there is nothing left to look after.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/run/event_source.hpp"

namespace coord::run {

// Becomes CMD, with the event's variables, and the signals as coord found them. Returns only when
// that fails: Code::no_command, cannot_execute, os.
Error run_instead(cli::Env& env, const Event& event);

}  // namespace coord::run
