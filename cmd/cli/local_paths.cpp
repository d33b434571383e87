#include "cmd/cli/local_paths.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "cmd/cli/process_variable.hpp"

namespace coord::cli {
namespace {

bool is_directory(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool is_ours(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == ::geteuid();
}

std::string home() {
  if (std::string path = variable_text("HOME"); !path.empty()) return path;
  const passwd* entry =
      ::getpwuid(::geteuid());  // NOLINT(concurrency-mt-unsafe): no other thread asks
  return entry == nullptr ? "/" : entry->pw_dir;
}

}  // namespace

std::string local_runtime_dir() {
  if (const std::string base = variable_text("XDG_RUNTIME_DIR"); !base.empty())
    return base + "/coord/local";
  const std::string base = fmt::format("/run/user/{}", ::geteuid());
  return is_directory(base) ? base + "/coord/local"
                            : fmt::format("/tmp/coord-{}/local", ::geteuid());
}

std::string local_socket() { return local_runtime_dir() + "/client.sock"; }

std::string local_state_dir() {
  const std::string base = variable_text("XDG_STATE_HOME");
  return (base.empty() ? home() + "/.local/state" : base) + "/coord/local";
}

bool local_is_running() {
  const std::string path = local_socket();
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path || !is_ours(local_runtime_dir())) return false;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return false;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): that is how connect() is called
  const bool answers =
      ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return answers;
}

}  // namespace coord::cli
