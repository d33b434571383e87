#include "coord/proc/listen.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <vector>

#include "coord/proc/lookup.hpp"

namespace coord::proc {
namespace {

constexpr int kBacklog = 512;

// An errno, if it can't be.
std::expected<Fd, int> listen_on(const SocketAddress& where) {
  Fd socket(::socket(where.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return std::unexpected(errno);
  set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  if (where.family() == AF_INET6) set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (bind(socket.get(), where.get(), where.length) != 0 || listen(socket.get(), kBacklog) != 0)
    return std::unexpected(errno);
  return socket;
}

// [::] has the addresses of IPv4 too, and 0.0.0.0 is for hosts without IPv6.
std::vector<SocketAddress> ipv6_first(const std::vector<SocketAddress>& found) {
  std::vector<SocketAddress> ordered;
  for (const int family : {AF_INET6, AF_INET}) {
    std::ranges::copy_if(found, std::back_inserter(ordered),
                         [&](const auto& one) { return one.family() == family; });
  }
  return ordered;
}

}  // namespace

void set_option(const Fd& socket, int level, int option, int value) {
  (void)setsockopt(socket.get(), level, option, &value, sizeof value);
}

Result<Fd> listen_at(const std::string& address) {
  auto found = look_up(address, AI_PASSIVE);
  if (found.empty())
    return fail(Code::usage, "cannot listen at '" + address + "': it is not HOST:PORT",
                "for instance 127.0.0.1:8080, or :8080 for all addresses");
  if (address.starts_with(':')) found = ipv6_first(found);
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
