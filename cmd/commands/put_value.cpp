#include "cmd/commands/put_value.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace coord::commands {

Result<std::string> read_value(cli::Env& env) {
  const int fd = env.streams().in;
  if (::isatty(fd) == 1) env.note("reading the value from the terminal; Ctrl-D ends it");
  std::string value;
  std::array<char, 65536> chunk{};
  while (true) {
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got == 0) return value;
    if (got > 0) {
      value.append(chunk.data(), static_cast<std::size_t>(got));
    } else if (errno != EINTR) {
      return fail(Code::os,
                  "cannot read the value from stdin: " + std::generic_category().message(errno));
    }
  }
}

}  // namespace coord::commands
