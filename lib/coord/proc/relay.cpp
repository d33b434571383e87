#include "coord/proc/relay.hpp"

#include <netdb.h>
#include <netinet/in.h>
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
#include <span>
#include <utility>
#include <vector>

#include "coord/proc/lookup.hpp"

namespace coord::proc {
namespace {

constexpr std::size_t kBuffer = 64 << 10;
constexpr int kBacklog = 512;
constexpr int kAcceptAtOnce = 64;  // before others get their turn
constexpr int kRoundsAtOnce = 16;  // of reading and writing one connection
constexpr Duration kNoRoom =
    std::chrono::milliseconds{100};  // until we accept again: no descriptor

void set_option(int fd, int level, int option, int value = 1) {
  (void)setsockopt(fd, level, option, &value, sizeof value);
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
  bool is_looking = false;               // up the way's name
  std::vector<SocketAddress> addresses;  // of the way, that were not tried yet; the next one last
  BootTime target_until = kNever;        // the addresses share this
  BootTime give_up_at = kNever;          // connecting, to one of them
};

enum class Flow { goes_on, broken };

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

// As much as FROM has and TO takes, for a few rounds.
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

Fd begin_connect(const SocketAddress& address) {
  Fd socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket && connect(socket.get(), address.get(), address.length) != 0 && errno != EINPROGRESS)
    return {};
  return socket;
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

struct Relay::Engine {
  Fd epoll;
  Fd listener;
  Lookups names;
  RelayOptions options;
  std::map<std::uint64_t, std::shared_ptr<Link>> links;  // by the ids of both sides
  std::set<std::shared_ptr<Link>> all;
  std::uint64_t last_id = kNames;
  std::vector<char> buffer = std::vector<char>(kBuffer);  // for what is on its way through
  BootTime accept_at = kNever;                            // when there was no descriptor left

  static constexpr std::uint64_t kListener = 0;
  static constexpr std::uint64_t kNames = 1;

  void accept_some();
  void try_next(const std::shared_ptr<Link>& link);
  bool begin(const std::shared_ptr<Link>& link);
  bool dial(const std::shared_ptr<Link>& link);
  void dial_on(const std::shared_ptr<Link>& link);
  void take_names();
  void add(const std::shared_ptr<Link>& link, Side& side, Fd socket);
  bool watch_fd(int fd, std::uint64_t id);
  void on_ready(const std::shared_ptr<Link>& link, std::uint64_t id);
  void on_connected(const std::shared_ptr<Link>& link);
  void move(const std::shared_ptr<Link>& link);
  void drop_socket(Link& link);
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
    watch(link->target, EPOLLOUT);
    return true;
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

void Relay::Engine::on_ready(const std::shared_ptr<Link>& link, std::uint64_t id) {
  if (!link->connected && id == link->target.id) return on_connected(link);
  if (link->connected) move(link);
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

void Relay::Engine::move(const std::shared_ptr<Link>& link) {
  Side& client = link->client;
  Side& target = link->target;
  const bool broken =
      pump(client, target, buffer) == Flow::broken || pump(target, client, buffer) == Flow::broken;
  if (broken || (client.ended && target.ended)) return end(link);
  const auto wanted = [](const Side& side, const Side& other) {
    const bool reads = !side.ended && side.waiting.empty();
    return (reads ? EPOLLIN : 0U) | (other.waiting.empty() ? 0U : EPOLLOUT);
  };
  watch(client, wanted(client, target));
  watch(target, wanted(target, client));
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
  if (!engine->watch_fd(engine->listener.get(), Engine::kListener) ||
      !engine->watch_fd(engine->names.fd(), Engine::kNames))
    return std::unexpected(os_error("epoll_ctl", errno));
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
    if (id == Engine::kNames) {
      engine_->take_names();
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
