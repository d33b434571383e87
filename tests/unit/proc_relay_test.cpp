#include <gtest/gtest.h>
#include <malloc.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "coord/proc/listen.hpp"
#include "coord/proc/relay.hpp"

namespace coord::proc {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kPiece = 64 << 10;  // what the relay reads at once
constexpr int kLimitMs = 5000;

Fd connected_to(const Fd& listener) {
  sockaddr_in name{};
  socklen_t length = sizeof name;
  auto* const generic = reinterpret_cast<sockaddr*>(&name);
  Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int size = 4 << 20;
  (void)setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  if (getsockname(listener.get(), generic, &length) != 0 ||
      connect(socket.get(), generic, length) != 0)
    return {};
  return socket;
}

bool is_readable(int fd, int limit_ms) {
  pollfd asked{.fd = fd, .events = POLLIN, .revents = 0};
  return poll(&asked, 1, limit_ms) == 1;
}

// What comes through SOCKET until its end, while RELAY works; nothing when there is no end.
std::optional<std::size_t> taken(const Fd& socket, Relay& relay) {
  std::vector<char> buffer(kPiece);
  std::size_t sum = 0;
  for (;;) {
    pollfd asked[] = {{.fd = socket.get(), .events = POLLIN, .revents = 0},
                      {.fd = relay.fd(), .events = POLLIN, .revents = 0}};
    if (poll(asked, 2, kLimitMs) < 1) return std::nullopt;
    if (asked[1].revents != 0) relay.work();
    if (asked[0].revents == 0) continue;
    const auto got = recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (got == 0) return sum;
    if (got < 0) return std::nullopt;
    sum += static_cast<std::size_t>(got);
  }
}

// The end may come in any round of reading, the last one too.
TEST(RelayTest, HandsTheEndOnBehindAnyNumberOfPieces) {
  for (std::size_t pieces = 0; pieces <= 17; ++pieces) {
    auto target = listen_at("127.0.0.1:0");
    auto entrance = listen_at("127.0.0.1:0");
    ASSERT_TRUE(target && entrance);
    const int size = 4 << 20;  // accepted sockets have it from the listening one
    for (const Fd* one : {&*target, &*entrance}) {
      (void)setsockopt(one->get(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
      (void)setsockopt(one->get(), SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    }
    const Fd client = connected_to(*entrance);
    const std::string sent(pieces * kPiece, 'x');
    auto relay =
        Relay::open(*std::move(entrance),
                    {.way = [&](int) { return Way{.address = address_of(*target), .done = {}}; }});
    ASSERT_TRUE(relay);
    std::size_t done = 0;
    while (done < sent.size()) {
      const auto put = send(client.get(), sent.data() + done, sent.size() - done, MSG_NOSIGNAL);
      ASSERT_GT(put, 0);
      done += static_cast<std::size_t>(put);
    }
    ASSERT_EQ(shutdown(client.get(), SHUT_WR), 0);
    while (!is_readable(target->get(), 0)) {
      ASSERT_TRUE(is_readable(relay->fd(), kLimitMs));
      relay->work();
    }
    const Fd served(accept4(target->get(), nullptr, nullptr, SOCK_CLOEXEC));
    ASSERT_EQ(taken(served, *relay), sent.size()) << pieces << " pieces";
    ASSERT_EQ(shutdown(served.get(), SHUT_WR), 0);
    EXPECT_EQ(taken(client, *relay), 0U) << pieces << " pieces";
    EXPECT_EQ(relay->connections(), 0U);
  }
}

// Does a client of a relay to ADDRESSES, one after the other, reach TARGET?
bool reaches(const Fd& target, const std::vector<std::string>& addresses) {
  auto entrance = listen_at("127.0.0.1:0");
  if (!entrance) return false;
  const Fd client = connected_to(*entrance);
  auto relay = Relay::open(*std::move(entrance), {.way = [&](int tried) -> std::optional<Way> {
    const auto number = static_cast<std::size_t>(tried);
    if (number >= addresses.size()) return std::nullopt;
    return Way{.address = addresses[number], .done = {}};
  }});
  if (!relay) return false;
  for (int looks = 0; looks < 600 && !is_readable(target.get(), 0); ++looks) {
    relay->work();
    if (relay->connections() == 0) return false;
    (void)is_readable(relay->fd(), 100);  // DNS may be silent: the relay's own limit ends that
  }
  const Fd served(accept4(target.get(), nullptr, nullptr, SOCK_CLOEXEC));
  return bool(served);
}

std::string port_of(const Fd& socket) {
  const std::string address = address_of(socket);
  return address.substr(address.rfind(':'));
}

TEST(RelayTest, ListensAtAllAddressesOrAtNone) {
  for (const std::string host : {"127.0.0.1", "[::1]"}) {
    const auto taken = listen_at(host + ":0");
    if (!taken) continue;  // no IPv6 here
    const auto half = listen_at(port_of(*taken));
    ASSERT_FALSE(half) << "at " << address_of(*half) << " beside " << address_of(*taken);
    EXPECT_EQ(half.error().code, Code::os);
    EXPECT_EQ(half.error().message, "listen at " + port_of(*taken) + ": Address already in use");
    const auto all = listen_at(":0");
    ASSERT_TRUE(all) << all.error().message;
    EXPECT_TRUE(reaches(*all, {host + port_of(*all)}));
  }
}

// Without a host it is ::1 and 127.0.0.1.
TEST(RelayTest, TriesAllAddressesOfATarget) {
  for (const char* where : {"127.0.0.1:0", "[::1]:0"}) {
    const auto target = listen_at(where);
    if (!target) continue;  // no IPv6 here
    EXPECT_TRUE(reaches(*target, {port_of(*target)})) << where;
  }
}

TEST(RelayTest, LooksUpANameAndPassesOverOneThatIsNone) {
  const auto target = listen_at("127.0.0.1:0");
  ASSERT_TRUE(target);
  EXPECT_TRUE(reaches(*target, {"localhost" + port_of(*target)}));
  EXPECT_TRUE(reaches(*target, {"no such name:1", "127.0.0.1" + port_of(*target)}));
  EXPECT_FALSE(reaches(*target, {"no such name:1"}));
}

// A connection that has nothing to hand on has no memory for it.
TEST(RelayTest, AnIdleConnectionHasNoBuffer) {
  constexpr int kConnections = 50;
  const auto target = listen_at("127.0.0.1:0");
  auto entrance = listen_at("127.0.0.1:0");
  ASSERT_TRUE(target && entrance);
  std::vector<Fd> ends;
  for (int i = 0; i < kConnections; ++i) ends.push_back(connected_to(*entrance));
  auto relay =
      Relay::open(*std::move(entrance),
                  {.way = [&](int) { return Way{.address = address_of(*target), .done = {}}; }});
  ASSERT_TRUE(relay);
  const std::size_t before = mallinfo2().uordblks;
  for (int i = 0; i < kConnections; ++i) {
    while (!is_readable(target->get(), 0)) {
      ASSERT_TRUE(is_readable(relay->fd(), 4 * kLimitMs));
      relay->work();
    }
    ends.emplace_back(accept4(target->get(), nullptr, nullptr, SOCK_CLOEXEC));
    ASSERT_EQ(send(ends.back().get(), "x", 1, MSG_NOSIGNAL), 1);
  }
  for (int i = 0; i < kConnections; ++i) {
    while (!is_readable(ends[static_cast<std::size_t>(i)].get(), 0)) {
      ASSERT_TRUE(is_readable(relay->fd(), 4 * kLimitMs));
      relay->work();
    }
  }
  EXPECT_EQ(relay->connections(), kConnections);
  EXPECT_LT(mallinfo2().uordblks, before + kConnections * kPiece / 4);
}

}  // namespace
}  // namespace coord::proc
