// Outcome: from how the hold ended to what coord ends with. Pure, except for the last three.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/run/guardian.hpp"
#include "cmd/run/plan.hpp"

namespace coord::run {

struct Outcome {
  std::string word;            // for --status-fd: done, held, busy, timeout, lost, signal, error
  std::optional<Error> error;  // to be told
  std::optional<int> status;   // to exit with; nothing: the error's own
  std::optional<int> die_by;   // or end by this signal
  std::optional<int> command;  // CMD's status as a shell has it
  std::string note;            // for people, besides all that
};

Outcome outcome_of(const GuardianEnd& end, const Plan& plan);
Outcome failed(Error error, const Plan& plan);  // it was not acquired

// One line "result=lost code=75 child=143" to --status-fd, if there is one. Fails silently: nobody
// may be reading.
void write_status(const Plan& plan, const Outcome& outcome);

// Writes to --status-fd, and the outcome's note.
void tell(const Outcome& outcome, const Plan& plan, cli::Env& env);

// The exit status or the error to end with, or one more line on stderr; or ends this process by a
// signal.
Result<int> conclude(const Outcome& outcome, cli::Env& env);

}  // namespace coord::run
