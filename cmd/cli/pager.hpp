// Long texts on a terminal, a screen at a time.
#pragma once

#include <cstddef>
#include <string>

namespace coord::cli {

// Shows TEXT through $PAGER (less -FRX) and waits until its reader has done with it. False, and
// nothing shown, where stdout or stdin is no terminal, the text fits the screen, TERM is dumb, or
// PAGER is empty, cat or not there.
bool show_in_pager(const std::string& text);

// How wide a text for FD may be: 80 columns, or the terminal's where that has less, 40 at least.
std::size_t text_width(int fd);

}  // namespace coord::cli
