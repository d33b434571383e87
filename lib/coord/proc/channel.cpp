#include "coord/proc/channel.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace coord::proc {
namespace {

struct Head {
  std::int64_t type = 0;
  std::int64_t a = 0;
  std::int64_t b = 0;
};

struct alignas(cmsghdr) Control {
  std::array<char, CMSG_SPACE(sizeof(int))> bytes{};
};

void attach(msghdr& message, Control& control, int fd) {
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  cmsghdr* const head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof fd);
  std::memcpy(CMSG_DATA(head), &fd, sizeof fd);
}

// There is room for one descriptor only, so the kernel never hands over a second.
Fd detach(const msghdr& message) {
  const cmsghdr* const head = CMSG_FIRSTHDR(&message);
  if (head == nullptr || head->cmsg_type != SCM_RIGHTS) return {};
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(head), sizeof fd);
  return Fd(fd);
}

// ECONNRESET only means that the other end died with unread messages of ours; those it had sent are
// still there.
ssize_t receive_whole(int fd, msghdr& message) {
  ssize_t got = 0;
  do {
    got = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  } while (got < 0 && (errno == EINTR || errno == ECONNRESET));
  return got;
}

}  // namespace

Result<std::pair<Channel, Channel>> Channel::pair() {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return std::unexpected(os_error("cannot make a socket pair", errno));
  }
  return std::pair(Channel(Fd(ends[0])), Channel(Fd(ends[1])));
}

Result<> Channel::send(const Message& message) {
  Head head{message.type, message.a, message.b};
  std::string text = message.text.substr(0, kMaxText);
  std::array<iovec, 2> parts{{{&head, sizeof head}, {text.data(), text.size()}}};
  msghdr packet{};
  packet.msg_iov = parts.data();
  packet.msg_iovlen = parts.size();
  Control control;
  if (message.fd) attach(packet, control, message.fd.get());
  ssize_t sent = 0;
  do {
    sent = sendmsg(fd_.get(), &packet, MSG_DONTWAIT | MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  if (sent >= 0) return {};
  const bool is_gone = errno == EPIPE || errno == ECONNRESET;
  Error error = os_error("cannot tell the other process", errno);
  if (is_gone) error.code = Code::lost;
  return std::unexpected(std::move(error));
}

Received Channel::receive(Message& message) {
  Head head;
  std::array<char, kMaxText> text{};
  std::array<iovec, 2> parts{{{&head, sizeof head}, {text.data(), text.size()}}};
  Control control;
  msghdr packet{};
  packet.msg_iov = parts.data();
  packet.msg_iovlen = parts.size();
  packet.msg_control = control.bytes.data();
  packet.msg_controllen = control.bytes.size();
  const ssize_t got = receive_whole(fd_.get(), packet);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Received::nothing;
  if (got < static_cast<ssize_t>(sizeof head)) return Received::closed;
  const std::size_t length = static_cast<std::size_t>(got) - sizeof head;
  message = Message{static_cast<int>(head.type), head.a, head.b, std::string(text.data(), length),
                    detach(packet)};
  return Received::message;
}

}  // namespace coord::proc
