// Terminal: the controlling terminal of this process, if it has one, whatever stdin and stdout are.
//
// Decides how CMD is started: as a member of the terminal's foreground group, so that editors and
// Ctrl-Z work, or in a group of its own. Only asks, never changes the terminal; nothing blocks.
#pragma once

#include <optional>

#include "coord/proc/fd.hpp"

namespace coord::proc {

class Terminal {
 public:
  static std::optional<Terminal> controlling();  // nothing under cron, systemd, setsid

  int fd() const { return fd_.get(); }  // to write on, non-blocking

 private:
  explicit Terminal(Fd fd) : fd_(std::move(fd)) {}

  Fd fd_;
};

bool is_terminal(int fd);

}  // namespace coord::proc
