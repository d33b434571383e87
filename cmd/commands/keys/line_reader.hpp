// LineReader: lines from a file descriptor, read only as far as needed.
#pragma once

#include <optional>
#include <string>

#include "coord/base/result.hpp"

namespace coord::commands {

class LineReader {
 public:
  explicit LineReader(int fd) : fd_(fd) {}

  // The next line without its newline; nothing at the end, where a last line without a newline is
  // no line. Code::os.
  Result<std::optional<std::string>> next();

 private:
  int fd_;
  std::string buffer_;
};

}  // namespace coord::commands
