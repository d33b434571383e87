#include "cmd/commands/shared/conflict.hpp"

#include <fmt/format.h>

#include <charconv>

#include "cmd/cli/define.hpp"
#include "cmd/cli/exit_code.hpp"

namespace coord::commands {

void add_conflict_option(CLI::App& app, std::optional<std::string>& target,
                         const std::string& help) {
  cli::text(app, "-E,--conflict-exit-code", target, "NUMBER", help);
}

Result<std::optional<int>> conflict_status(const std::optional<std::string>& text) {
  return small_number(text, "--conflict-exit-code", 255);
}

Result<std::optional<int>> small_number(const std::optional<std::string>& text, const char* option,
                                        int most) {
  if (!text) return std::nullopt;
  int number = -1;
  const char* end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, number);
  if (error == std::errc{} && rest == end && number >= 0 && number <= most) return number;
  return fail(Code::usage,
              fmt::format("{} '{}' is not a number from 0 to {}", option, *text, most));
}

bool is_answer(const Error& error) {
  return error.code == Code::busy || error.code == Code::timed_out;
}

int tell_answer(cli::Env& env, const Error& error, std::optional<int> status) {
  env.note("coord: " + error.message);
  return status.value_or(cli::exit_code(error.code));
}

Result<int> answer_or_error(cli::Env& env, const Error& error, std::optional<int> status) {
  if (!status || !is_answer(error)) return std::unexpected(error);
  return tell_answer(env, error, status);
}

}  // namespace coord::commands
