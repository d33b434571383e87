// Fd: a file descriptor that closes itself; and what every file of proc needs around it.
//
// Whatever proc opens is close-on-exec. Descriptors that it did not open are the user's and reach
// CMD untouched (a jobserver, --status-fd).
#pragma once

#include <string>
#include <utility>

#include "coord/base/result.hpp"

namespace coord::proc {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() { reset(); }
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;

  int get() const { return fd_; }  // -1: none
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void reset(int fd = -1);

 private:
  int fd_ = -1;
};

// Code::os, "WHAT: " and the system's words for the errno NUMBER.
Error os_error(const std::string& what, int number);

// Occupies those of the descriptors 0, 1 and 2 that are closed, so that no socket of ours lands
// where messages are written. Reading or writing them still fails with EBADF, and CMD finds them
// closed as before. Once, first in main().
void reserve_standard_fds();

}  // namespace coord::proc
