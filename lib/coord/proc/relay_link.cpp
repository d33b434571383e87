#include "coord/proc/relay_link.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace coord::proc {
namespace {

constexpr int kRoundsAtOnce = 16;  // of reading and writing one connection

// What TO takes of BYTES. Nothing: it is broken.
std::optional<std::size_t> give(const Side& to, std::span<const char> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto sent = send(to.socket.get(), bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) break;
    if (sent < 0) return std::nullopt;
    done += static_cast<std::size_t>(sent);
  }
  return done;
}

// Keeps of BYTES what TO does not take. A side for which nothing waits has no memory for it.
Flow hand_on(Side& from, const Side& to, std::span<const char> bytes) {
  const auto taken = give(to, bytes);
  if (!taken) return Flow::broken;
  const auto rest = bytes.subspan(*taken);
  from.waiting = std::vector<char>(rest.begin(), rest.end());
  return Flow::goes_on;
}

}  // namespace

Flow pump(Side& from, const Side& to, std::span<char> buffer) {
  if (!from.waiting.empty()) {
    const std::vector<char> waited = std::exchange(from.waiting, {});
    if (hand_on(from, to, waited) == Flow::broken) return Flow::broken;
  }
  for (int round = 0; round < kRoundsAtOnce && from.waiting.empty() && !from.ended; ++round) {
    const auto got = recv(from.socket.get(), buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN ? Flow::goes_on : Flow::broken;
    if (got == 0) {  // and all that came before is handed on
      from.ended = true;
      (void)shutdown(to.socket.get(), SHUT_WR);
    } else if (hand_on(from, to, buffer.first(static_cast<std::size_t>(got))) == Flow::broken) {
      return Flow::broken;
    }
  }
  return Flow::goes_on;
}

std::uint32_t events_wanted(const Side& side, const Side& other) {
  const bool reads = !side.ended && side.waiting.empty();
  return (reads ? EPOLLIN : 0U) | (other.waiting.empty() ? 0U : EPOLLOUT);
}

}  // namespace coord::proc
