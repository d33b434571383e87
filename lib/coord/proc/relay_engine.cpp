#include "coord/proc/relay_engine.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "coord/proc/listen.hpp"

namespace coord::proc {
namespace {

constexpr int kAcceptAtOnce = 64;  // before others get their turn
constexpr Duration kNoRoom =
    std::chrono::milliseconds{100};  // until we accept again: no descriptor

// A host that has gone without a word is given up after two minutes of silence. In seconds.
constexpr int kProbeAfter = 60;
constexpr int kProbeAgain = 15;
constexpr int kProbes = 4;

}  // namespace

bool Relay::Engine::watch(Side& side, std::uint32_t events) {
  if (side.events == events) return true;
  epoll_event event{.events = events, .data = {.u64 = side.id}};
  const int operation = side.events == 0 ? EPOLL_CTL_ADD
                        : events == 0    ? EPOLL_CTL_DEL
                                         : EPOLL_CTL_MOD;
  if (epoll_ctl(epoll.get(), operation, side.socket.get(), &event) != 0) return false;
  side.events = events;
  return true;
}

void Relay::Engine::add(const std::shared_ptr<Link>& link, Side& side, Fd socket) {
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, kProbeAfter);
  set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, kProbeAgain);
  set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, kProbes);
  set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  side.socket = std::move(socket);
  side.id = ++last_id;
  links[side.id] = link;
}

bool Relay::Engine::watch_fd(int fd, std::uint64_t id) {
  epoll_event event{.events = EPOLLIN, .data = {.u64 = id}};
  return epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) == 0;
}

void Relay::Engine::accept_some() {
  for (int i = 0; listener && i < kAcceptAtOnce; ++i) {
    Fd socket(accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED)) return;
    if (!socket) {
      (void)epoll_ctl(epoll.get(), EPOLL_CTL_DEL, listener.get(), nullptr);
      accept_at = after(BootClock::now(), kNoRoom);
      return;
    }
    auto link = std::make_shared<Link>();
    add(link, link->client, std::move(socket));
    all.insert(link);
    try_next(link);
  }
}

void Relay::Engine::on_ready(const std::shared_ptr<Link>& link, std::uint64_t id) {
  if (!link->connected && id == link->target.id) return on_connected(link);
  if (link->connected) move(link);
}

void Relay::Engine::move(const std::shared_ptr<Link>& link) {
  Side& client = link->client;
  Side& target = link->target;
  const bool broken =
      pump(client, target, buffer) == Flow::broken || pump(target, client, buffer) == Flow::broken;
  if (broken || (client.ended && target.ended)) return end(link);
  if (!watch(client, events_wanted(client, target)) ||
      !watch(target, events_wanted(target, client)))
    end(link);
}

// Where one direction is broken the other side must not take it for an orderly end.
void Relay::Engine::end(const std::shared_ptr<Link>& link) {
  if (!(link->client.ended && link->target.ended)) {
    const linger reset{.l_onoff = 1, .l_linger = 0};
    for (const Side* side : {&link->client, &link->target}) {
      if (side->socket)
        (void)setsockopt(side->socket.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
  }
  drop_target(*link, link->connected);
  links.erase(link->client.id);
  link->client = {};
  all.erase(link);
}

void Relay::Engine::on_time() {
  const BootTime now = BootClock::now();
  if (now >= accept_at && listener && watch_fd(listener.get(), kListener)) accept_at = kNever;
  std::vector<std::shared_ptr<Link>> late;
  for (const auto& link : all) {
    if (link->give_up_at <= now) late.push_back(link);
  }
  for (const auto& link : late) dial_on(link);
}

}  // namespace coord::proc
