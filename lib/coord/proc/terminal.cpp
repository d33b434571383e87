#include "coord/proc/terminal.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace coord::proc {

std::optional<Terminal> Terminal::controlling() {
  Fd fd(open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!fd) return std::nullopt;
  return Terminal(std::move(fd));
}

bool is_terminal(int fd) { return isatty(fd) == 1; }

}  // namespace coord::proc
