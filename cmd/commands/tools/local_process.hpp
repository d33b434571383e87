// LocalProcess: the lasting etcd as a process, found again through the record that it wrote before
// it became etcd: pid, start time and boot, so that a stranger who has the pid now is never taken
// for it.
//
// It is held by a pidfd: a signal reaches it or nobody. Threads: one.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "coord/base/clock.hpp"
#include "coord/base/result.hpp"
#include "coord/proc/fd.hpp"

namespace coord::commands {

class LocalProcess {
 public:
  // Nothing when the record is missing or broken, or its process has ended.
  static std::optional<LocalProcess> find(const std::string& record);

  // Writes down the calling process. Code::os.
  static Result<> write_own(const std::string& record);

  pid_t pid() const { return pid_; }
  void signal(int number) const;

  // Whether it has ended. Blocks until then, or until the time has come. Code::os.
  Result<bool> has_ended(BootTime until) const;

 private:
  LocalProcess(pid_t pid, proc::Fd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}

  pid_t pid_;
  proc::Fd pidfd_;
};

}  // namespace coord::commands
