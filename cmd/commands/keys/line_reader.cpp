#include "cmd/commands/keys/line_reader.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace coord::commands {

Result<std::optional<std::string>> LineReader::next() {
  std::array<char, 4096> chunk{};
  for (;;) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    const ssize_t got = ::read(fd_, chunk.data(), chunk.size());
    if (got == 0) return std::nullopt;
    if (got > 0) {
      buffer_.append(chunk.data(), static_cast<std::size_t>(got));
    } else if (errno != EINTR) {
      return fail(Code::os, "cannot read stdin: " + std::generic_category().message(errno));
    }
  }
}

}  // namespace coord::commands
