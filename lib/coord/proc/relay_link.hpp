// Internal. One connection of a relay: its two sides, and how bytes get from one to the other.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "coord/proc/lookup.hpp"
#include "coord/proc/relay.hpp"

namespace coord::proc {

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

// As much as FROM has and TO takes, for a few rounds.
Flow pump(Side& from, const Side& to, std::span<char> buffer);

// What epoll is to watch SIDE for, so that pump() is called when it can do something.
std::uint32_t events_wanted(const Side& side, const Side& other);

}  // namespace coord::proc
