#include "cmd/out/writer.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace coord::out {
namespace {

constexpr std::size_t kFull = 64UL << 10U;

// 0, or the errno of a write that cannot go on. A descriptor that another program made non-blocking
// is waited for.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd writable{fd, POLLOUT, 0};
      ::poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

void Writer::write(std::string_view text) {
  if (error_ != 0) return;
  buffer_.append(text);
  if (buffer_.size() >= kFull) drain();
}

Result<> Writer::flush() {
  drain();
  return status();
}

Result<> Writer::status() const {
  if (error_ == 0) return {};
  return fail(Code::output, "cannot write the output: " + std::generic_category().message(error_));
}

bool Writer::reader_gone() const { return error_ == EPIPE; }

void Writer::drain() {
  if (error_ == 0) error_ = write_all(fd_, buffer_);
  buffer_.clear();
}

}  // namespace coord::out
