// Outcome: from how the hold ended to what coord ends with. Pure, except write_status().
#pragma once

#include <optional>
#include <string>

#include "cmd/run/guardian.hpp"
#include "cmd/run/plan.hpp"

namespace coord::run {

struct Outcome {
  std::string word;            // for --status-fd: done, busy, timeout, lost, signal, error
  std::optional<Error> error;  // to be told
  std::optional<int> status;   // to exit with; nothing: the error's own
  std::optional<int> die_by;   // or end by this signal
  std::optional<int> command;  // CMD's status as a shell has it
  std::string note;            // for people, besides all that
};

Outcome outcome_of(const GuardianEnd& end, const Plan& plan);

// One line "result=lost code=75 child=143" to --status-fd, if there is one. Fails silently: nobody
// may be reading.
void write_status(const Plan& plan, const Outcome& outcome);

}  // namespace coord::run
