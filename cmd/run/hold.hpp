// hold(): hold something while a command runs, and stop the command before anybody else can hold
// it. The whole of `lock` and its relatives behind the parsing of their options.
//
// Forks: this process becomes the guardian and stays the one that the user knows; the holder below
// it does the rest (see ARCHITECTURE.md, "the promise"). So it must be called before anything has
// made a thread or a gRPC object, and once.
//
// A plan that requeues begins again after a loss: when nothing that the old holder started is left,
// the guardian forks a new one, which stands at the end of the line. Unless coord was told to end.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/run/plan.hpp"

namespace coord::run {

// The exit status; or it ends this process by the signal that coord was ended by. Errors as cli.md
// section 3 lists them.
Result<int> hold(Plan plan, cli::Env& env);

}  // namespace coord::run
