#include "coord/proc/fd.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "coord/base/os_reason.hpp"

namespace coord::proc {

void Fd::reset(int fd) {
  if (fd_ >= 0) close(fd_);
  fd_ = fd;
}

Error os_error(const std::string& what, int number) {
  return {Code::os, what + ": " + os_reason(number), {}};
}

void reserve_standard_fds() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    // The wrong way round on purpose: to use it fails. open() takes the lowest free number, which
    // is fd.
    const int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    (void)open("/dev/null", mode | O_CLOEXEC);
  }
}

}  // namespace coord::proc
