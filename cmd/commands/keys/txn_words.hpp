// The words of a transaction's text: Go's quoted strings, and etcdctl's way to split a line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "coord/base/result.hpp"

namespace coord::commands {

// Takes a string off the front of TEXT, which begins with its quote: "…" with Go's escapes (\n, \",
// \x00, \377, \u00e9 …), or `…` as it stands. Code::bad_data, and what is wrong.
Result<std::string> take_quoted(std::string_view& text);

// Words between blanks; "…" with Go's escapes and '…' as it stands are words too, blanks and all. A
// quote within a word is a character like any other. Code::bad_data.
Result<std::vector<std::string>> split_words(std::string_view line);

// Without blanks at both ends.
std::string_view trimmed(std::string_view line);

}  // namespace coord::commands
