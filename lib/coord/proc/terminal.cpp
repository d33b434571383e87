#include "coord/proc/terminal.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace coord::proc {

std::optional<Terminal> Terminal::controlling() {
  Fd fd(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!fd) return std::nullopt;
  return Terminal(std::move(fd));
}

bool is_terminal(int fd) { return isatty(fd) == 1; }

std::optional<int> terminal_width(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return size.ws_col;
}

}  // namespace coord::proc
