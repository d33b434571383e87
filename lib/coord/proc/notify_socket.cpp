#include "coord/proc/notify_socket.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

namespace coord::proc {

Result<NotifySocket> NotifySocket::open(const std::string& address) {
  const bool abstract = address.starts_with('@');
  const bool known = address.size() > 1 && (abstract || address.starts_with('/'));
  if (!known || address.size() >= sizeof(sockaddr_un{}.sun_path))
    return fail(Code::config, "NOTIFY_SOCKET '" + address + "' is no socket of a service manager");
  Fd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return std::unexpected(os_error("socket", errno));
  std::string path = address;
  if (abstract) path.front() = '\0';
  return NotifySocket(std::move(fd), std::move(path));
}

bool NotifySocket::send(std::string_view state) const {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): that is how sendto() is called
  const auto* address = reinterpret_cast<const sockaddr*>(&to);
  return sendto(fd_.get(), state.data(), state.size(), MSG_NOSIGNAL, address, size) >= 0;
}

}  // namespace coord::proc
