#include <unistd.h>

#include <cstdio>
#include <exception>

#include "cmd/cli/app.hpp"
#include "cmd/cli/exit_code.hpp"
#include "cmd/commands/table.hpp"
#include "coord/proc/fd.hpp"
#include "coord/proc/signals.hpp"

namespace {

// Before the initialisers of all libraries: gRPC's opens a descriptor, which would be a 0, 1 or 2
// that is closed.
using Early = void (*)();
[[gnu::section(".preinit_array"), gnu::used]] const Early kReserve =
    coord::proc::reserve_standard_fds;

}  // namespace

int main(int argc, char** argv) {
  coord::proc::ignore_broken_pipes();
  try {
    // Not by return: nothing is left to clean up, and gRPC's threads would be waited for.
    _exit(coord::cli::run_app(coord::commands::table(), argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "coord: a bug in coord: %s\n", error.what());
    return coord::cli::kBug;
  }
}
