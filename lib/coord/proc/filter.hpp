// run_filter(): a child between two pipes, as in `printf … | FILTER | …`: it gets all of its stdin
// from us, and all that it writes is kept. Its stderr is ours.
//
// Both pipes are served at once, so that neither side waits for the other whatever the sizes. As
// with a shell's $(…) it is over when the child has ended and nobody has its stdout open any more.
// From the main thread only, as Child. SIGPIPE must be ignored.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "coord/base/clock.hpp"
#include "coord/proc/child.hpp"

namespace coord::proc {

struct FilterLimits {
  std::size_t output = 0;  // in bytes: a child that writes more is killed
  int stop = -1;           // a descriptor; once it is readable the child is sent TERM
  Duration grace = std::chrono::seconds{3};  // until KILL follows
};

struct FilterEnd {
  enum class Why { ended, too_long, stopped };

  Why why = Why::ended;
  int wait_status = 0;  // see exit_status.hpp
  std::string output;   // whole only if it ended by itself
};

// Blocks until then. SPEC's input and output are set here; signals go to the child's group if it
// has its own. A child that leaves input unread, or closes its stdin, is no error.
std::expected<FilterEnd, StartError> run_filter(ChildSpec spec, std::string_view input,
                                                const FilterLimits& limits);

}  // namespace coord::proc
