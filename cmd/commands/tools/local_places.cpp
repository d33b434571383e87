#include "cmd/commands/tools/local_places.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "cmd/cli/local_paths.hpp"
#include "coord/base/bytes.hpp"
#include "coord/base/context.hpp"

namespace coord::commands {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLongestSocket = sizeof(sockaddr_un::sun_path) - 1;

}  // namespace

LocalPlaces lasting_places() { return {cli::local_runtime_dir(), cli::local_state_dir()}; }

Result<> check_socket(const LocalPlaces& places, const std::string& hint) {
  const std::string path = places.socket();
  if (path.size() <= kLongestSocket) return {};
  return fail(Code::config,
              fmt::format("the path of the socket, {}, has {} bytes, and {} are possible",
                          in_quotes(path), path.size(), kLongestSocket),
              hint);
}

Result<> make_private_folder(const std::string& path) {
  const std::string what = "cannot use the folder " + in_quotes(path);
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failed);
  if (failed) return std::unexpected(proc::os_error(what, failed.value()));
  if (mkdir(path.c_str(), S_IRWXU) != 0 && errno != EEXIST)
    return std::unexpected(proc::os_error(what, errno));
  const proc::Fd folder(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat info{};
  if (!folder || fstat(folder.get(), &info) != 0)
    return std::unexpected(proc::os_error(what, errno));
  if (info.st_uid != geteuid())
    return fail(Code::config, what + ": it belongs to somebody else",
                "set XDG_RUNTIME_DIR to a folder of your own");
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0 && fchmod(folder.get(), S_IRWXU) != 0)
    return std::unexpected(proc::os_error(what, errno));
  return {};
}

Result<proc::Fd> take_file_lock(const std::string& path, BootTime until) {
  proc::Fd file(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (!file) return std::unexpected(proc::os_error("cannot open " + in_quotes(path), errno));
  while (flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return std::unexpected(proc::os_error("cannot lock " + in_quotes(path), errno));
    if (BootClock::now() >= until)
      return fail(Code::timed_out, "another 'coord local' is busy with it and does not end");
    Context().sleep(20ms);
  }
  return file;
}

}  // namespace coord::commands
