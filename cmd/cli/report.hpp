// What goes to stderr, and how an error looks there: one line that says what failed and why, and at
// most one hint.
#pragma once

#include <string>
#include <string_view>

#include "cmd/cli/globals.hpp"
#include "coord/base/result.hpp"

namespace coord::cli {

// "coord: MESSAGE" and, where there is one, a line "hint: HINT", without the newline at the end.
// Control bytes of either are made visible.
std::string format_error(const Error& error, bool color);

// The same in the words of the program's name (personality.hpp).
using ErrorText = std::string (*)(const Error& error, bool color);
std::string spoken(const Error& error, bool color);
// Before there are threads; format_error() where it was never called.
void speak_as(ErrorText text);

// As --color has it; else NO_COLOR, CLICOLOR_FORCE, and whether FD is a terminal that is not dumb.
bool wants_color(Color color, int fd);

// TEXT and a newline in one write(); nothing can be done where it fails.
void write_line(int fd, std::string_view text);

}  // namespace coord::cli
