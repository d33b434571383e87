// The dialling of relay_engine.hpp: which target a link gets, and what becomes of those that do not
// answer.
#include <sys/epoll.h>
#include <sys/socket.h>

#include <cerrno>
#include <iterator>
#include <utility>

#include "coord/proc/relay_engine.hpp"

namespace coord::proc {
namespace {

Fd begin_connect(const SocketAddress& address) {
  Fd socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket && connect(socket.get(), address.get(), address.length) != 0 && errno != EINPROGRESS)
    return {};
  return socket;
}

}  // namespace

// Until a target can be asked, or there is none left.
void Relay::Engine::try_next(const std::shared_ptr<Link>& link) {
  while (link->tried < options.most_ways) {
    auto way = options.way(link->tried++);
    if (!way) break;
    link->way = *std::move(way);
    if (begin(link)) return;
    drop_target(*link, false);
  }
  end(link);
}

bool Relay::Engine::begin(const std::shared_ptr<Link>& link) {
  link->target_until = after(BootClock::now(), options.connect_limit);
  auto found = names.ask(link->way.address);
  if (!found) {
    link->is_looking = true;
    link->give_up_at = link->target_until;
    return true;
  }
  link->addresses = {found->rbegin(), found->rend()};
  return dial(link);
}

// The next address that can be dialled. Each has its share of the time, so that one that is silent
// leaves some to the others.
bool Relay::Engine::dial(const std::shared_ptr<Link>& link) {
  while (!link->addresses.empty()) {
    const BootTime now = BootClock::now();
    const auto share = (link->target_until - now) / std::ssize(link->addresses);
    const SocketAddress address = link->addresses.back();
    link->addresses.pop_back();
    Fd socket = begin_connect(address);
    if (!socket) continue;
    add(link, link->target, std::move(socket));
    link->give_up_at = after(now, share);
    if (watch(link->target, EPOLLOUT)) return true;
    drop_socket(*link);
  }
  return false;
}

// After one that did not answer.
void Relay::Engine::dial_on(const std::shared_ptr<Link>& link) {
  drop_socket(*link);
  if (dial(link)) return;
  drop_target(*link, false);
  try_next(link);
}

void Relay::Engine::take_names() {
  for (const Lookups::Answer& answer : names.take()) {
    std::vector<std::shared_ptr<Link>> waiting;
    for (const auto& link : all) {
      if (link->is_looking && link->way.address == answer.address) waiting.push_back(link);
    }
    for (const auto& link : waiting) {
      link->is_looking = false;
      link->addresses = {answer.found.rbegin(), answer.found.rend()};
      dial_on(link);
    }
  }
}

void Relay::Engine::on_connected(const std::shared_ptr<Link>& link) {
  int error = 0;
  socklen_t length = sizeof error;
  (void)getsockopt(link->target.socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) return dial_on(link);
  link->connected = true;
  link->addresses = {};
  link->give_up_at = kNever;
  move(link);
}

void Relay::Engine::drop_socket(Link& link) {
  if (link.target.socket) links.erase(link.target.id);
  link.target = {};
  link.give_up_at = kNever;
}

void Relay::Engine::drop_target(Link& link, bool reached) {
  drop_socket(link);
  link.is_looking = false;
  link.addresses = {};
  if (link.way.done) std::exchange(link.way.done, nullptr)(reached);
}

}  // namespace coord::proc
