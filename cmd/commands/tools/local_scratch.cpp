#include "cmd/commands/tools/local_scratch.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "cmd/cli/process_variable.hpp"
#include "cmd/commands/tools/local_etcd.hpp"

namespace coord::commands {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = "coord-run.";

std::string temporary_folder() {
  std::string path = cli::variable_text("TMPDIR");
  return path.empty() ? "/tmp" : path;
}

// The folder with its lock, if it is ours, is still there, and nobody has the lock.
proc::Fd try_lock(const std::string& folder) {
  proc::Fd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd || flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return {};
  struct stat info{};
  if (fstat(fd.get(), &info) != 0 || info.st_uid != geteuid() || info.st_nlink == 0) return {};
  return fd;
}

void remove_tree(const std::string& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

// What others left who were killed.
void sweep(const std::string& parent) {
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(parent, failed)) {
    if (!entry.path().filename().string().starts_with(kPrefix)) continue;
    if (const proc::Fd lock = try_lock(entry.path())) remove_tree(entry.path());
  }
}

}  // namespace

Result<LocalScratch> LocalScratch::create() {
  const std::string parent = temporary_folder();
  std::string folder = parent + '/' + kPrefix + "XXXXXX";
  COORD_TRY(check_socket({folder, folder}, "set TMPDIR to a folder with a shorter path"));
  sweep(parent);
  constexpr int kMostTries = 10;
  for (int tries = 0; tries < kMostTries; ++tries) {
    std::string made = folder;
    if (mkdtemp(made.data()) == nullptr)
      return std::unexpected(proc::os_error("cannot make a folder in '" + parent + "'", errno));
    // Another one's sweep may come between the two.
    if (proc::Fd lock = try_lock(made)) return LocalScratch(std::move(made), std::move(lock));
  }
  return fail(Code::os, "cannot lock a folder in '" + parent + "'");
}

Result<> LocalScratch::start() {
  COORD_TRY_INTO(etcd_, start_etcd(places(), EtcdLife::throw_away));
  return {};
}

void LocalScratch::remove() {
  if (!lock_) return;
  if (etcd_) {
    etcd_->signal(SIGKILL);
    (void)etcd_->reap();
  }
  remove_tree(folder_);
  lock_.reset();
}

}  // namespace coord::commands
