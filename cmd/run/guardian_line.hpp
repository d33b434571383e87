// GuardianLine: the holder's end of the channel to the guardian (protocol.hpp). Its end means that
// the guardian is dead; from then on nothing is said. For the holder's main thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "coord/base/result.hpp"
#include "coord/proc/channel.hpp"
#include "coord/proc/child.hpp"

namespace coord::run {

class GuardianLine {
 public:
  explicit GuardianLine(proc::Channel channel) : channel_(std::move(channel)) {}

  int fd() const { return channel_.fd(); }

  // Calls ACT for each word that has come. False once, when the guardian has died.
  bool hear(const std::function<void(int word)>& act);

  void say(int word) { send({.type = word}); }
  void started(const proc::Child& command);
  void waiting(const std::string& what);
  void lost(const std::string& why);
  void ended(int wait_status);
  void finished(const std::optional<Error>& error);  // the last word

  bool is_dead() const { return dead_; }
  bool is_stopped() const;  // it lives, and was stopped, as by Ctrl-Z

 private:
  void send(const proc::Message& message);

  proc::Channel channel_;
  bool dead_ = false;
};

}  // namespace coord::run
