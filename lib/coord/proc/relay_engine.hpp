// Internal. What a Relay works with: its links, the descriptors that epoll watches for them, and
// the way of a link from its client's arrival through dialling (relay_dial.cpp) to its end.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "coord/proc/lookup.hpp"
#include "coord/proc/relay.hpp"
#include "coord/proc/relay_link.hpp"

namespace coord::proc {

struct Relay::Engine {
  static constexpr std::uint64_t kListener = 0;
  static constexpr std::uint64_t kNames = 1;
  static constexpr std::size_t kBuffer = 64 << 10;

  Fd epoll;
  Fd listener;
  Lookups names;
  RelayOptions options;
  std::map<std::uint64_t, std::shared_ptr<Link>> links;  // by the ids of both sides
  std::set<std::shared_ptr<Link>> all;
  std::uint64_t last_id = kNames;
  std::vector<char> buffer = std::vector<char>(kBuffer);  // for what is on its way through
  BootTime accept_at = kNever;                            // when there was no descriptor left

  void accept_some();
  void on_ready(const std::shared_ptr<Link>& link, std::uint64_t id);
  void on_time();
  void move(const std::shared_ptr<Link>& link);
  void end(const std::shared_ptr<Link>& link);
  void add(const std::shared_ptr<Link>& link, Side& side, Fd socket);
  bool watch(Side& side, std::uint32_t events);  // false: the kernel has no room for it
  bool watch_fd(int fd, std::uint64_t id);

  // Dialling.
  void try_next(const std::shared_ptr<Link>& link);
  bool begin(const std::shared_ptr<Link>& link);
  bool dial(const std::shared_ptr<Link>& link);
  void dial_on(const std::shared_ptr<Link>& link);
  void take_names();
  void on_connected(const std::shared_ptr<Link>& link);
  void drop_socket(Link& link);
  void drop_target(Link& link, bool reached);
};

}  // namespace coord::proc
