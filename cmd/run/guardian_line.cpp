#include "cmd/run/guardian_line.hpp"

#include <unistd.h>

#include "cmd/run/protocol.hpp"
#include "coord/proc/process.hpp"

namespace coord::run {

bool GuardianLine::hear(const std::function<void(int word)>& act) {
  proc::Message message;
  for (;;) {
    switch (channel_.receive(message)) {
      case proc::Received::nothing:
        return true;
      case proc::Received::closed:
        channel_.close();
        dead_ = true;
        return false;
      case proc::Received::message:
        act(message.type);
        break;
    }
  }
}

void GuardianLine::started(const proc::Child& command) {
  send({.type = kStarted, .a = command.pid(), .fd = proc::Fd(dup(command.pidfd()))});
}

void GuardianLine::waiting(const std::string& what) { send({.type = kWaiting, .text = what}); }

void GuardianLine::lost(const std::string& why) { send({.type = kLost, .text = why}); }

void GuardianLine::ended(int wait_status) { send({.type = kEnded, .a = wait_status}); }

void GuardianLine::finished(const std::optional<Error>& error) {
  proc::Message last{.type = kFinished, .a = -1};
  if (error) {
    last.a = static_cast<std::int64_t>(error->code);
    last.text = error->message + '\0' + error->hint;
  }
  send(last);
}

bool GuardianLine::is_stopped() const {
  if (dead_) return false;
  const auto guardian = proc::find_process(getppid());
  return guardian && guardian->is_stopped();
}

void GuardianLine::send(const proc::Message& message) {
  if (!dead_) (void)channel_.send(message);
}

}  // namespace coord::run
