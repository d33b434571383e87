// Channel: short messages between two related processes, and the news that the other one is gone.
//
// A SOCK_SEQPACKET socket pair: a message arrives whole or not at all, in order, and when every
// copy of the other end is closed, by death or on purpose, receive() says so after the last
// message. Nothing here blocks. What a type means is the business of whoever sends it. Each process
// closes the end that it does not use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "coord/base/result.hpp"
#include "coord/proc/fd.hpp"

namespace coord::proc {

struct Message {
  int type = 0;
  std::int64_t a = 0;
  std::int64_t b = 0;
  std::string text;  // any bytes, up to kMaxText
  Fd fd;             // optional; the receiver gets a close-on-exec copy
};

enum class Received {
  message,
  nothing,  // not now: poll fd()
  closed,   // the other end is gone, or speaks gibberish, which is no better
};

class Channel {
 public:
  static constexpr std::size_t kMaxText = 4096;

  Channel() = default;
  explicit Channel(Fd fd) : fd_(std::move(fd)) {}

  static Result<std::pair<Channel, Channel>> pair();  // Code::os when no descriptor is left

  int fd() const { return fd_.get(); }  // readable when receive() has something to say
  void close() { fd_.reset(); }

  // Nothing was sent on Code::lost (the other end is gone) and Code::os (its queue is full: it does
  // not read). Longer texts are cut.
  Result<> send(const Message& message);

  // Fills MESSAGE only when there is one.
  Received receive(Message& message);

 private:
  Fd fd_;
};

}  // namespace coord::proc
