// Where to connect or listen: "HOST:PORT" as the kernel wants it.
//
// look_up() blocks as long as DNS does. Lookups does it in threads, at most one for each name at a
// time, which are left behind when nobody waits any more: getaddrinfo(3) cannot be called off.
#pragma once

#include <sys/socket.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coord::proc {

struct SocketAddress {
  sockaddr_storage bytes{};
  socklen_t length = 0;

  int family() const { return bytes.ss_family; }
  const sockaddr* get() const;
};

// In the order in which they are to be tried; none: there is no such name, or it is not HOST:PORT
// ("[::1]:80"; the port is a number). FLAGS are those of getaddrinfo(3): AI_PASSIVE to listen.
std::vector<SocketAddress> look_up(const std::string& address, int flags);

// For one thread.
class Lookups {
 public:
  struct Answer {
    std::string address;
    std::vector<SocketAddress> found;
  };

  Lookups();
  ~Lookups();  // blocks for nobody
  Lookups(const Lookups&) = delete;
  Lookups& operator=(const Lookups&) = delete;

  // At once where the host is a number. Nothing: take() will have the answer, one for all who ask
  // before it is there.
  std::optional<std::vector<SocketAddress>> ask(const std::string& address);

  int fd() const;  // readable when take() has something
  std::vector<Answer> take();

 private:
  struct Box;
  std::shared_ptr<Box> box_;  // the threads' too
};

}  // namespace coord::proc
