#include "coord/proc/listen.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "coord/proc/lookup.hpp"

namespace coord::proc {
namespace {

constexpr int kBacklog = 512;

void set_option(int fd, int level, int option, int value = 1) {
  (void)setsockopt(fd, level, option, &value, sizeof value);
}

// An errno, if it can't be.
std::expected<Fd, int> listen_on(const SocketAddress& where) {
  Fd socket(::socket(where.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return std::unexpected(errno);
  set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR);
  if (where.family() == AF_INET6) set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (bind(socket.get(), where.get(), where.length) != 0 || listen(socket.get(), kBacklog) != 0)
    return std::unexpected(errno);
  return socket;
}

}  // namespace

Result<Fd> listen_at(const std::string& address) {
  auto found = look_up(address, AI_PASSIVE);
  if (found.empty())
    return fail(Code::usage, "cannot listen at '" + address + "': it is not HOST:PORT",
                "for instance 127.0.0.1:8080, or :8080 for all addresses");
  // All addresses: [::] has those of IPv4 too, and 0.0.0.0 is for hosts without IPv6.
  if (address.starts_with(':'))
    std::ranges::stable_partition(found, [](const auto& one) { return one.family() == AF_INET6; });
  int error = 0;
  for (const SocketAddress& one : found) {
    auto socket = listen_on(one);
    if (socket) return *std::move(socket);
    error = socket.error();
    if (error == EADDRINUSE) break;  // another family would be half of what was asked for
  }
  return std::unexpected(os_error("listen at " + address, error));
}

std::string address_of(const Fd& socket) {
  sockaddr_storage name{};
  socklen_t length = sizeof name;
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  // The kernel's interface is this cast.
  auto* const generic = reinterpret_cast<sockaddr*>(&name);
  if (getsockname(socket.get(), generic, &length) != 0 ||
      getnameinfo(generic, length, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return "";
  const std::string text = host.data();
  return (text.contains(':') ? '[' + text + ']' : text) + ':' + port.data();
}

}  // namespace coord::proc
