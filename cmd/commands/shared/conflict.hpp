// -E/--conflict-exit-code, and the answers that it is for: busy, and the time ran out.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"

namespace CLI {
class App;
}

namespace coord::commands {

void add_conflict_option(CLI::App& app, std::optional<std::string>& target,
                         const std::string& help);
// What it says. Code::usage for what is no exit status.
Result<std::optional<int>> conflict_status(const std::optional<std::string>& text);

// A number from 0 to MOST, as OPTION has it.
Result<std::optional<int>> small_number(const std::optional<std::string>& text, const char* option,
                                        int most);

bool is_answer(const Error& error);
// Tells the answer, and returns STATUS, or else what is usual for it.
int tell_answer(cli::Env& env, const Error& error, std::optional<int> status);
// The same only where there is a STATUS, and ERROR is an answer; else ERROR.
Result<int> answer_or_error(cli::Env& env, const Error& error, std::optional<int> status);

}  // namespace coord::commands
