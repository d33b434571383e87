// What a CMD that is run for an event finds on its stdin.
#pragma once

#include <string>

#include "cmd/out/value.hpp"
#include "coord/base/result.hpp"
#include "coord/proc/fd.hpp"

namespace coord::commands {

// A file in memory with the record as one line of JSON, at its beginning. Code::os.
Result<proc::Fd> json_input(const out::Record& record);
// The same with the bytes as they are.
Result<proc::Fd> bytes_input(const std::string& bytes);

// The bytes for a variable of CMD's environment, which carries neither NUL nor very much: else
// empty. Stdin has it all.
std::string for_variable(const std::string& bytes);

}  // namespace coord::commands
