#include "cmd/commands/tools/local_process.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>

#include "coord/proc/poller.hpp"
#include "coord/proc/process.hpp"

namespace coord::commands {
namespace {

struct Record {
  pid_t pid = 0;
  std::uint64_t start = 0;
  std::string boot;
};

// Pids and start times begin anew with each boot, and each host has its own.
std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

std::optional<Record> read(const std::string& path) {
  std::ifstream file(path);
  Record record;
  if (!(file >> record.pid >> record.start >> record.boot) || record.pid <= 1) return std::nullopt;
  return record;
}

}  // namespace

std::optional<LocalProcess> LocalProcess::find(const std::string& record) {
  const auto known = read(record);
  if (!known || known->boot != boot_id()) return std::nullopt;
  LocalProcess process(known->pid,
                       proc::Fd(static_cast<int>(syscall(SYS_pidfd_open, known->pid, 0))));
  if (!process.pidfd_) return std::nullopt;
  const auto now = proc::find_process(known->pid);  // after the pidfd: it cannot change any more
  if (!now || now->start != known->start) return std::nullopt;
  if (process.has_ended(BootTime{}).value_or(false)) return std::nullopt;  // a zombie
  return process;
}

Result<> LocalProcess::write_own(const std::string& record) {
  const std::string fresh = record + ".new";
  const auto self = proc::find_process(getpid());
  std::ofstream file(fresh, std::ios::trunc);
  if (self) file << self->pid << ' ' << self->start << ' ' << boot_id() << '\n';
  file.close();
  if (self && file && std::rename(fresh.c_str(), record.c_str()) == 0) return {};
  return std::unexpected(proc::os_error("cannot write '" + record + "'", errno));
}

void LocalProcess::signal(int number) const {
  (void)syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0);
}

Result<bool> LocalProcess::has_ended(BootTime until) const {
  pollfd end{pidfd_.get(), POLLIN, 0};
  return proc::poll_until({&end, 1}, until);
}

}  // namespace coord::commands
