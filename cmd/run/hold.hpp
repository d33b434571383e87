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

#include <functional>

#include "cmd/cli/env.hpp"
#include "cmd/run/outcome.hpp"
#include "cmd/run/plan.hpp"

namespace coord::run {

// The exit status; or it ends this process by the signal that coord was ended by. Errors as cli.md
// section 3 lists them.
Result<int> hold(Plan plan, cli::Env& env);

// The same again and again, with a new holder each time. MAKE gives the plan of a round. AGAIN
// hears how it ended, may change what comes of that, and says whether there is to be another one;
// after a signal that was to end coord there is none. Ends as the last round did.
Result<int> hold_each(const std::function<Result<Plan>()>& make,
                      const std::function<bool(Outcome&)>& again, cli::Env& env);

}  // namespace coord::run
