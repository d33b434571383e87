// Writer: buffered output to a file descriptor that notices when nobody can take it.
//
// The first failure is kept and everything after it is dropped, so that a command may print without
// looking after each line; one that prints for long asks status() now and then. Not thread-safe.
// Does not own the descriptor, and does not flush by itself when it goes: after fork() both sides
// would.
#pragma once

#include <string>
#include <string_view>

#include "coord/base/result.hpp"

namespace coord::out {

class Writer {
 public:
  explicit Writer(int fd) : fd_(fd) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void write(std::string_view text);
  Result<> flush();          // Code::output when it, or an earlier one, failed
  Result<> status() const;   // the failure so far
  bool reader_gone() const;  // it failed because the reader closed the pipe

 private:
  void drain();

  int fd_;
  int error_ = 0;  // errno of the first failure
  std::string buffer_;
};

}  // namespace coord::out
