// What a CMD that is run for an event finds on its stdin.
#pragma once

#include "cmd/out/value.hpp"
#include "coord/base/result.hpp"
#include "coord/proc/fd.hpp"

namespace coord::commands {

// A file in memory with the record as one line of JSON, at its beginning. Code::os.
Result<proc::Fd> json_input(const out::Record& record);

}  // namespace coord::commands
