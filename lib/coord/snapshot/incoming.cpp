#include "coord/snapshot/incoming.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "coord/base/os_reason.hpp"

namespace coord::snapshot {
namespace {

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// The name is on the disk when the folder is.
bool sync_folder(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool synced = ::fsync(fd) == 0 || errno == EINVAL;  // some file systems have nothing to do
  ::close(fd);
  return synced;
}

bool is_at(const std::string& path, int fd) {
  struct stat there{};
  struct stat ours{};
  return ::stat(path.c_str(), &there) == 0 && ::fstat(fd, &ours) == 0 &&
         there.st_dev == ours.st_dev && there.st_ino == ours.st_ino;
}

}  // namespace

std::unexpected<Error> Incoming::failed(std::string_view what) const {
  return fail(Code::output, fmt::format("cannot {} '{}': {}", what, part(), os_reason(errno)));
}

Result<std::unique_ptr<Incoming>> Incoming::create(const std::string& path) {
  const std::string part = path + ".part";
  const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    return fail(Code::output, fmt::format("cannot write '{}': {}", part, os_reason(errno)));
  }
  // Whoever had the lock may have renamed or removed the file meanwhile.
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0 || !is_at(part, fd)) {
    ::close(fd);
    return fail(Code::busy, fmt::format("another process is writing '{}'", part));
  }
  std::unique_ptr<Incoming> incoming(new Incoming(path, fd));
  if (::ftruncate(fd, 0) != 0) return incoming->failed("empty");
  return incoming;
}

Incoming::~Incoming() {
  if (!committed_) ::unlink(part().c_str());
  ::close(fd_);
}

Result<> Incoming::add(std::string_view piece) {
  if (!write_all(fd_, piece)) return failed("write");
  size_ += piece.size();
  tail_ += piece;
  if (tail_.size() <= Sha256::kSize) return {};
  const std::size_t settled = tail_.size() - Sha256::kSize;
  sha_.add(std::string_view(tail_).substr(0, settled));
  tail_.erase(0, settled);
  return {};
}

Result<> Incoming::commit() {
  if (size_ <= Sha256::kSize || sha_.finish() != tail_)
    return fail(Code::bad_data, "the snapshot has come damaged: its SHA-256 does not match");
  if (::fsync(fd_) != 0) return failed("sync");
  if (std::rename(part().c_str(), path_.c_str()) != 0) return failed("rename");
  committed_ = true;
  if (!sync_folder(path_))
    return fail(Code::output,
                fmt::format("cannot sync the folder of '{}': {}", path_, os_reason(errno)));
  return {};
}

}  // namespace coord::snapshot
