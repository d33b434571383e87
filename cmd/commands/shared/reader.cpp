#include "cmd/commands/shared/reader.hpp"

#include <poll.h>

#include <array>

namespace coord::commands {

Reader::Reader(int fd) : thread_([this, fd](const std::stop_token&) { run(fd); }) {}

Reader::~Reader() { over_.post(); }

void Reader::run(int fd) {
  std::array<pollfd, 2> fds{{{over_.fd(), POLLIN, 0}, {fd, 0, 0}}};
  while (poll(fds.data(), fds.size(), -1) < 0) {
  }
  if (fds[0].revents == 0) gone_.request_stop();
}

}  // namespace coord::commands
