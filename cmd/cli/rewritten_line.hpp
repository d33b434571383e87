// A line on a terminal that is written again and again: what is waited for, how far something is.
#pragma once

#include <cstddef>
#include <string_view>

namespace coord::cli {

// Of the terminal FD; 80 where that is not known.
std::size_t terminal_columns(int fd);

// Is FD a terminal that is not dumb? Only there a line can be written over.
bool can_rewrite(int fd);

// LINE in the row of the cursor, in place of what stood there, cut to what fits beside the "^C"
// that a terminal may write, so that it never makes a second row. What fails is not seen.
void rewrite_line(int fd, std::string_view line);

void wipe_line(int fd);

}  // namespace coord::cli
