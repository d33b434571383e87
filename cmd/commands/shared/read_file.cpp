#include "cmd/commands/shared/read_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "coord/base/bytes.hpp"
#include "coord/proc/fd.hpp"

namespace coord::commands {

Result<std::string> read_all(int fd, const std::string& what) {
  std::string text;
  std::array<char, 65536> chunk{};
  while (true) {
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got == 0) return text;
    if (got > 0) {
      text.append(chunk.data(), static_cast<std::size_t>(got));
    } else if (errno != EINTR) {
      return std::unexpected(proc::os_error(what, errno));
    }
  }
}

Result<std::string> read_file(const std::string& path, const std::string& role) {
  const std::string what = "cannot read " + (role.empty() ? "" : role + " from ") + in_quotes(path);
  const proc::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return fail(Code::bad_data, proc::os_error(what, errno).message);
  auto text = read_all(file.get(), what);
  if (!text) return fail(Code::bad_data, std::move(text.error().message));
  return text;
}

}  // namespace coord::commands
