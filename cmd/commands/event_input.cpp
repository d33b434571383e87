#include "cmd/commands/event_input.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include "cmd/out/format.hpp"

namespace coord::commands {

Result<proc::Fd> json_input(const out::Record& record) {
  proc::Fd file(memfd_create("event", MFD_CLOEXEC));
  if (!file) return std::unexpected(proc::os_error("memfd_create", errno));
  out::Writer writer(file.get());
  out::make_json_printer(writer)->print(record);
  COORD_TRY(writer.flush());
  if (lseek(file.get(), 0, SEEK_SET) < 0) return std::unexpected(proc::os_error("lseek", errno));
  return file;
}

}  // namespace coord::commands
