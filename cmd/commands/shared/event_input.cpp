#include "cmd/commands/shared/event_input.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "cmd/out/format.hpp"

namespace coord::commands {

namespace {

constexpr std::size_t kMostInVariable = 100'000;  // the kernel takes 128 KiB a variable

}  // namespace

std::string for_variable(const std::string& bytes) {
  return bytes.size() <= kMostInVariable && !bytes.contains('\0') ? bytes : std::string();
}

Result<proc::Fd> bytes_input(const std::string& bytes) {
  proc::Fd file(memfd_create("event", MFD_CLOEXEC));
  if (!file) return std::unexpected(proc::os_error("memfd_create", errno));
  std::string_view left = bytes;
  while (!left.empty()) {
    const ssize_t written = write(file.get(), left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return std::unexpected(proc::os_error("cannot keep what CMD reads", errno));
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  if (lseek(file.get(), 0, SEEK_SET) != 0) return std::unexpected(proc::os_error("lseek", errno));
  return file;
}

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
