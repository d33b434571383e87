// Relay: TCP connections that come in at one place go on to one of several others. It knows how
// bytes move, and asks whoever made it where to.
//
// One thread, epoll, nothing blocks: a target that is a name is looked up by a thread of its own.
// What one side sends is handed on as it comes; of what the other does not take 64 KiB are kept, so
// that a slow reader slows its writer down, and a connection that is idle has no buffer. The end of
// one direction is handed on (a half-close) and the other goes on; a broken connection breaks its
// peer. All addresses of a name are tried in turn, within one limit. A target that refuses, or does
// not answer within the limit, is told, and the next one is asked for; when there is none the
// client's connection is closed. An end whose host is gone, without a word, is found out by TCP's
// keepalive within two minutes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "coord/base/clock.hpp"
#include "coord/base/result.hpp"
#include "coord/proc/fd.hpp"

namespace coord::proc {

// A way for one connection. `done` is called once, when the connection has ended or could not be
// made.
struct Way {
  std::string address;  // HOST:PORT; the port is a number
  std::function<void(bool reached)> done;
};

struct RelayOptions {
  Duration connect_limit = std::chrono::seconds{5};  // for one target, with all its addresses
  int most_ways = 5;                                 // asked for one client
  // The next way for a client that has tried so many; nothing: there is none.
  std::function<std::optional<Way>(int tried)> way;
};

class Relay {
 public:
  static Result<Relay> open(Fd listener, RelayOptions options);
  Relay(Relay&&) noexcept;
  Relay& operator=(Relay&&) = delete;
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay();  // breaks what is left

  int fd() const;              // readable when there is something to do
  BootTime next_time() const;  // when there is, besides
  void work();                 // does it, and returns
  void stop_listening();       // connections go on; no new ones
  std::size_t connections() const;

 private:
  struct Engine;
  explicit Relay(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace coord::proc
