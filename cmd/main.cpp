#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "cmd/cli/app.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/table.hpp"
#include "coord/proc/signals.hpp"

namespace {

// A closed stdin, stdout or stderr would lend its number to the next socket. What stands in for it
// cannot be used either, so that writing to a closed stdout is still an error.
void occupy_standard_streams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0) ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

int main(int argc, char** argv) {
  occupy_standard_streams();
  coord::proc::ignore_broken_pipes();
  try {
    // Not by return: nothing is left to clean up, and gRPC's threads would be waited for.
    _exit(coord::cli::run_app(coord::commands::table(), argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "coord: a bug in coord: %s\n", error.what());
    return coord::cli::kBug;
  }
}
