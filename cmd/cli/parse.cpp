#include "cmd/cli/parse.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cmd/cli/tree.hpp"

namespace coord::cli {
namespace {

std::unexpected<Error> usage(const CLI::App& command, const std::string& what) {
  const std::string path = command_path(command);
  return fail(Code::usage, path.empty() ? what : path + ": " + what,
              "usage: " + usage_line(command));
}

// The first operand that must be there and is not; CLI11 names options and operands alike.
const CLI::Option* missing(const CLI::App& command) {
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_required() && option->count() == 0) return option;
  }
  return nullptr;
}

// CLI11's words for a flag's value, the only conversion left to it: "Could not convert: --hex =
// maybe".
std::string plain_words(const std::string& message) {
  constexpr std::string_view kOpening = "Could not convert: ";
  const auto equals = message.find(" = ");
  if (!message.starts_with(kOpening) || equals == std::string::npos) return message;
  const std::string name = message.substr(kOpening.size(), equals - kOpening.size());
  return fmt::format("{}: '{}' is not true or false", name, message.substr(equals + 3));
}

// A conversion's message may carry a hint of its own on a second line (define.cpp).
std::unexpected<Error> unusable(const CLI::App& command, const std::string& message) {
  const auto end = message.find('\n');
  if (end == std::string::npos) return usage(command, plain_words(message));
  const std::string path = command_path(command);
  return fail(Code::usage, path + ": " + message.substr(0, end), message.substr(end + 1));
}

}  // namespace

Result<> parse_words(CLI::App& root, const CLI::App& command, std::vector<std::string> words) {
  std::ranges::reverse(words);  // CLI11 takes them from the back
  try {
    root.parse(std::move(words));
    return {};
  } catch (const CLI::RequiredError& error) {
    const CLI::Option* option = missing(command);
    return usage(command,
                 option ? fmt::format("{} is missing", option->get_name(option->get_positional()))
                        : error.what());
  } catch (const CLI::ExcludesError& error) {
    return usage(command, error.what());
  } catch (const CLI::ParseError& error) {
    return unusable(command, error.what());
  }
}

}  // namespace coord::cli
