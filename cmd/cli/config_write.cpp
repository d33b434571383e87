// How a config file is replaced; see edit_config().
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>

#include "cmd/cli/config_edit.hpp"
#include "coord/base/os_reason.hpp"

namespace coord::cli {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> refused(const std::string& what) {
  return fail(Code::os, fmt::format("{}: {}", what, os_reason(errno)));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno != EINTR) return false;
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// 0600 for a new one and for one with a password, else as it was.
mode_t mode_for(const std::optional<Contents>& before, bool has_password) {
  if (has_password || !before) return S_IRUSR | S_IWUSR;
  return before->info.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);
}

// Owner, group and mode. Where the owners cannot be kept, the mode would let in others than it did.
bool dress(int fd, const std::optional<Contents>& before, mode_t mode) {
  struct stat now{};
  if (::fstat(fd, &now) != 0) return false;
  const bool other =
      before && (before->info.st_uid != now.st_uid || before->info.st_gid != now.st_gid);
  if (other && ::fchown(fd, before->info.st_uid, before->info.st_gid) != 0)
    mode &= S_IRUSR | S_IWUSR;
  return ::fchmod(fd, mode) == 0;
}

// On disk before it takes the place of the old one, or a crash could leave an empty file.
Result<> replace(const std::string& path, const std::string& text,
                 const std::optional<Contents>& before, mode_t mode) {
  std::string fresh = path + ".XXXXXX";
  const Descriptor file(::mkostemp(fresh.data(), O_CLOEXEC));
  if (file.get() < 0) return refused("cannot write beside " + path);
  const bool written = write_all(file.get(), text) && dress(file.get(), before, mode) &&
                       ::fsync(file.get()) == 0 && ::rename(fresh.c_str(), path.c_str()) == 0;
  if (written) return {};
  auto error = refused("cannot write " + path);
  ::unlink(fresh.c_str());
  return error;
}

// A folder of ours that holds secrets is nobody else's.
Result<> make_folders(const fs::path& folder) {
  std::error_code failed;
  if (folder.empty() || fs::exists(folder, failed)) return {};
  if (failed) {
    return fail(Code::config,
                fmt::format("cannot use the folder {}: {}", folder.string(), failed.message()));
  }
  COORD_TRY(make_folders(folder.parent_path()));
  if (::mkdir(folder.c_str(), S_IRWXU) == 0 || errno == EEXIST) return {};
  return refused("cannot make the folder " + folder.string());
}

// What a link points to is changed, not the link, even if it is not there yet. Links in the folders
// matter to nobody.
Result<std::string> real_path(const std::string& path) {
  constexpr int kMostLinks = 40;  // as Linux has it
  fs::path real = path;
  for (int links = 0; links <= kMostLinks; ++links) {
    std::error_code failed;
    const fs::path target = fs::read_symlink(real, failed);
    if (failed) return real.string();
    real = real.parent_path() / target;
  }
  return fail(Code::config, fmt::format("cannot use {}: too many links", path));
}

}  // namespace

Result<> edit_config(const std::string& path, const ConfigChange& change) {
  COORD_TRY_INTO(const std::string real, real_path(path));
  fs::path folder = fs::path(real).parent_path();
  if (folder.empty()) folder = ".";
  COORD_TRY(make_folders(folder));
  const Descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (lock.get() < 0 || ::flock(lock.get(), LOCK_EX) != 0)
    return refused("cannot lock the folder " + folder.string());
  COORD_TRY_INTO(const auto before, contents_of(real));
  const std::string text = before ? before->text : "";
  COORD_TRY_INTO(const ConfigFile file, parse_config(path, text));
  COORD_TRY_INTO(const std::string fresh, change(file, text));
  if (fresh == text) return {};
  COORD_TRY_INTO(const ConfigFile now, parse_config(path, fresh));
  COORD_TRY(replace(real, fresh, before, mode_for(before, now.has_password())));
  (void)::fsync(lock.get());
  return {};
}

}  // namespace coord::cli
