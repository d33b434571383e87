#include "coord/base/notifier.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace coord {

Notifier::Notifier() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) {
    std::perror("coord: eventfd");
    std::abort();
  }
}

Notifier::~Notifier() { close(fd_); }

// eventfd_write fails only when the counter is full, and then the reader has been told already.
void Notifier::post() noexcept { (void)eventfd_write(fd_, 1); }

void Notifier::clear() noexcept {
  eventfd_t ignored = 0;
  (void)eventfd_read(fd_, &ignored);
}

}  // namespace coord
