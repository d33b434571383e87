#include "coord/proc/relay.hpp"

#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace coord::proc {
namespace {

constexpr std::size_t kBuffer = 64 << 10;
constexpr int kBacklog = 512;
constexpr int kAcceptAtOnce = 64;  // before others get their turn
constexpr int kRoundsAtOnce = 16;  // of reading and writing one connection
constexpr Duration kNoRoom =
    std::chrono::milliseconds{100};  // until we accept again: no descriptor

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

// FLAGS: AI_PASSIVE to listen.
Addresses look_up(const std::string& address, int flags) {
  const std::size_t colon = address.rfind(':');
  addrinfo* found = nullptr;
  if (colon == std::string::npos) return {nullptr, freeaddrinfo};
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  const int failed = getaddrinfo(host.empty() ? nullptr : host.c_str(), address.c_str() + colon + 1,
                                 &hints, &found);
  return {failed == 0 ? found : nullptr, freeaddrinfo};
}

void set_option(int fd, int level, int option) {
  const int on = 1;
  (void)setsockopt(fd, level, option, &on, sizeof on);
}

// One end of a relayed connection, and what it has sent that the other has not taken yet.
struct Side {
  Fd socket;
  std::uint64_t id = 0;  // never another's, as the descriptor's number may be
  std::vector<char> waiting;
  bool ended = false;        // it sends no more, and the other one knows
  std::uint32_t events = 0;  // that epoll watches for
};

struct Link {
  Side client;
  Side target;
  Way way;
  int tried = 0;
  bool connected = false;
  BootTime give_up_at = kNever;  // connecting
};

enum class Flow { goes_on, broken };

// As much as FROM has and TO takes, for a few rounds.
Flow pump(Side& from, Side& to) {
  for (int round = 0; round < kRoundsAtOnce; ++round) {
    while (!from.waiting.empty()) {
      const auto sent =
          send(to.socket.get(), from.waiting.data(), from.waiting.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) return errno == EAGAIN ? Flow::goes_on : Flow::broken;
      from.waiting.erase(from.waiting.begin(), from.waiting.begin() + sent);
    }
    if (from.ended) return Flow::goes_on;
    from.waiting.resize(kBuffer);
    const auto got = recv(from.socket.get(), from.waiting.data(), kBuffer, 0);
    from.waiting.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    if (got < 0 && errno != EINTR) return errno == EAGAIN ? Flow::goes_on : Flow::broken;
    if (got == 0) {  // and all that came before is handed on
      from.ended = true;
      (void)shutdown(to.socket.get(), SHUT_WR);
    }
  }
  return Flow::goes_on;
}

}  // namespace

Result<Fd> listen_at(const std::string& address) {
  const Addresses found = look_up(address, AI_PASSIVE);
  if (!found)
    return fail(Code::usage, "cannot listen at '" + address + "': it is not HOST:PORT",
                "for instance 127.0.0.1:8080, or :8080 for all addresses");
  Fd socket(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return std::unexpected(os_error("socket", errno));
  set_option(socket.get(), SOL_SOCKET, SO_REUSEADDR);
  if (bind(socket.get(), found->ai_addr, found->ai_addrlen) != 0 ||
      listen(socket.get(), kBacklog) != 0)
    return std::unexpected(os_error("listen at " + address, errno));
  return socket;
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

struct Relay::Engine {
  Fd epoll;
  Fd listener;
  RelayOptions options;
  std::map<std::uint64_t, std::shared_ptr<Link>> links;  // by the ids of both sides
  std::set<std::shared_ptr<Link>> all;
  std::uint64_t last_id = kListener;
  BootTime accept_at = kNever;  // when there was no descriptor left

  static constexpr std::uint64_t kListener = 0;

  void accept_some();
  void try_next(const std::shared_ptr<Link>& link);
  bool begin(const std::shared_ptr<Link>& link);
  void add(const std::shared_ptr<Link>& link, Side& side, Fd socket);
  bool watch_listener();
  void on_ready(const std::shared_ptr<Link>& link, std::uint64_t id);
  void on_connected(const std::shared_ptr<Link>& link);
  void move(const std::shared_ptr<Link>& link);
  void drop_target(Link& link, bool reached);
  void end(const std::shared_ptr<Link>& link);
  void watch(Side& side, std::uint32_t events);
  void on_time();
};

void Relay::Engine::watch(Side& side, std::uint32_t events) {
  if (side.events == events) return;
  epoll_event event{.events = events, .data = {.u64 = side.id}};
  const int operation = side.events == 0 ? EPOLL_CTL_ADD
                        : events == 0    ? EPOLL_CTL_DEL
                                         : EPOLL_CTL_MOD;
  (void)epoll_ctl(epoll.get(), operation, side.socket.get(), &event);
  side.events = events;
}

void Relay::Engine::add(const std::shared_ptr<Link>& link, Side& side, Fd socket) {
  set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY);
  side.socket = std::move(socket);
  side.id = ++last_id;
  links[side.id] = link;
}

bool Relay::Engine::watch_listener() {
  epoll_event event{.events = EPOLLIN, .data = {.u64 = kListener}};
  return epoll_ctl(epoll.get(), EPOLL_CTL_ADD, listener.get(), &event) == 0;
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
  const Addresses found = look_up(link->way.address, 0);
  if (!found) return false;
  Fd socket(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return false;
  if (connect(socket.get(), found->ai_addr, found->ai_addrlen) != 0 && errno != EINPROGRESS)
    return false;
  Side& target = link->target;
  add(link, target, std::move(socket));
  link->give_up_at = after(BootClock::now(), options.connect_limit);
  watch(target, EPOLLOUT);
  return true;
}

void Relay::Engine::on_ready(const std::shared_ptr<Link>& link, std::uint64_t id) {
  if (!link->connected && id == link->target.id) return on_connected(link);
  if (link->connected) move(link);
}

void Relay::Engine::on_connected(const std::shared_ptr<Link>& link) {
  int error = 0;
  socklen_t length = sizeof error;
  (void)getsockopt(link->target.socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
  if (error != 0) {
    drop_target(*link, false);
    return try_next(link);
  }
  link->connected = true;
  link->give_up_at = kNever;
  move(link);
}

void Relay::Engine::move(const std::shared_ptr<Link>& link) {
  Side& client = link->client;
  Side& target = link->target;
  const bool broken = pump(client, target) == Flow::broken || pump(target, client) == Flow::broken;
  if (broken || (client.ended && target.ended)) return end(link);
  const auto wanted = [](const Side& side, const Side& other) {
    const bool reads = !side.ended && side.waiting.empty();
    return (reads ? EPOLLIN : 0U) | (other.waiting.empty() ? 0U : EPOLLOUT);
  };
  watch(client, wanted(client, target));
  watch(target, wanted(target, client));
}

void Relay::Engine::drop_target(Link& link, bool reached) {
  if (link.target.socket) links.erase(link.target.id);
  link.target = {};
  link.give_up_at = kNever;
  if (link.way.done) std::exchange(link.way.done, nullptr)(reached);
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
  if (now >= accept_at && listener && watch_listener()) accept_at = kNever;
  std::vector<std::shared_ptr<Link>> late;
  for (const auto& link : all) {
    if (link->give_up_at <= now) late.push_back(link);
  }
  for (const auto& link : late) {
    drop_target(*link, false);
    try_next(link);
  }
}

Relay::Relay(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
Relay::Relay(Relay&&) noexcept = default;

Relay::~Relay() {
  while (engine_ && !engine_->all.empty()) engine_->end(*engine_->all.begin());
}

Result<Relay> Relay::open(Fd listener, RelayOptions options) {
  auto engine = std::make_unique<Engine>();
  engine->epoll = Fd(epoll_create1(EPOLL_CLOEXEC));
  if (!engine->epoll) return std::unexpected(os_error("epoll_create", errno));
  engine->listener = std::move(listener);
  engine->options = std::move(options);
  if (!engine->watch_listener()) return std::unexpected(os_error("epoll_ctl", errno));
  return Relay(std::move(engine));
}

int Relay::fd() const { return engine_->epoll.get(); }

BootTime Relay::next_time() const {
  BootTime next = engine_->listener ? engine_->accept_at : kNever;
  for (const auto& link : engine_->all) next = std::min(next, link->give_up_at);
  return next;
}

void Relay::work() {
  std::array<epoll_event, 64> events{};
  const int count =
      epoll_wait(engine_->epoll.get(), events.data(), static_cast<int>(events.size()), 0);
  for (int i = 0; i < count; ++i) {
    const std::uint64_t id = events[static_cast<std::size_t>(i)].data.u64;
    if (id == Engine::kListener) {
      engine_->accept_some();
      continue;
    }
    const auto found = engine_->links.find(id);
    if (found == engine_->links.end()) continue;  // ended by what came before
    const auto link = found->second;
    engine_->on_ready(link, id);
  }
  engine_->on_time();
}

void Relay::stop_listening() { engine_->listener = Fd(); }

std::size_t Relay::connections() const { return engine_->all.size(); }

}  // namespace coord::proc
