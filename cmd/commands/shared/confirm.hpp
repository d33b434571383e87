// A question before many keys are changed: to a person, never to a script.
#pragma once

#include <cstdint>
#include <string>

#include "cmd/cli/env.hpp"

namespace coord::commands {

inline constexpr std::int64_t kManyKeys = 100;  // from more than these on it is asked

// Sits somebody there who can be asked: are stdin and stderr a terminal?
bool has_person(const cli::Env& env);

// Asks QUESTION ("Delete 812 keys?"). True without asking where nobody sits. False: the answer was
// no.
Result<bool> confirm(cli::Env& env, const std::string& question);

// For what nobody may do by accident: where there is no terminal to ask on it is refused, with
// Code::usage. DOING is "breaking a lock".
Result<bool> confirm_or_refuse(const std::string& doing, const std::string& question);

}  // namespace coord::commands
