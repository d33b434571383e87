// A word as it stands on a line of bash, and what it means there. Nothing is expanded: a variable
// or a command substitution stays the text that it is.
#pragma once

#include <string>
#include <string_view>

namespace coord::cli {

struct ShellWord {
  std::string text;
  char open_quote = '\0';  // ' or " that was not closed
};

ShellWord unquote(std::string_view word);

// TEXT so that bash reads it as it is: behind an OPEN_QUOTE, else with backslashes.
std::string quote(std::string_view text, char open_quote);

// TEXT so that any shell reads it as it is: what somebody is to eval.
std::string in_single_quotes(std::string_view text);

}  // namespace coord::cli
