// NotifySocket: the way to the service manager, by the datagrams of sd_notify(3), without
// libsystemd.
//
// One state a message, "READY=1" and the like; several are separated by newlines. Sending never
// blocks: what a manager does not take is lost, as the protocol has it. The kernel adds our pid, by
// which systemd tells the main process, the only one that it listens to, from others.
#pragma once

#include <string>
#include <string_view>

#include "coord/proc/fd.hpp"

namespace coord::proc {

class NotifySocket {
 public:
  // ADDRESS is what NOTIFY_SOCKET holds: a path, or "@" and an abstract name. Code::config for
  // anything else, Code::os.
  static Result<NotifySocket> open(const std::string& address);

  bool send(std::string_view state) const;  // was it taken?

 private:
  NotifySocket(Fd fd, std::string address) : fd_(std::move(fd)), address_(std::move(address)) {}

  Fd fd_;
  std::string address_;  // bytes of sun_path, a NUL first where it is abstract
};

}  // namespace coord::proc
