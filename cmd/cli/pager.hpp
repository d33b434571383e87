// Long texts on a terminal, a screen at a time.
#pragma once

#include <string>

namespace coord::cli {

// Shows TEXT through $PAGER (less -FRX) and waits until its reader has done with it. False, and
// nothing shown, where stdout or stdin is no terminal, the text fits the screen, TERM is dumb, or
// PAGER is empty, cat or not there.
bool show_in_pager(const std::string& text);

}  // namespace coord::cli
