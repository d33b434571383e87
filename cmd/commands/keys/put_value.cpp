#include "cmd/commands/keys/put_value.hpp"

#include <unistd.h>

#include "cmd/commands/shared/read_file.hpp"

namespace coord::commands {

Result<std::string> read_value(cli::Env& env) {
  const int fd = env.streams().in;
  if (::isatty(fd) == 1) env.note("reading the value from the terminal; Ctrl-D ends it");
  return read_all(fd, "cannot read the value from stdin");
}

}  // namespace coord::commands
