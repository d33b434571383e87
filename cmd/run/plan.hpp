// What is to be held while a command runs, and how. Filled by `lock` and its relatives, carried out
// by hold().
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/session.hpp"
#include "coord/recipe/held.hpp"

namespace coord::run {

using Variables = std::vector<std::pair<std::string, std::string>>;

// Who is in the way of a claim. "waiting for lock 'backup': WHO for AGE, PLACE".
struct Obstacle {
  std::string who;    // empty: nobody any more
  std::string age;    // may be empty
  std::string place;  // "2 ahead of you"; may be empty
};

std::string in_words(const Obstacle& obstacle);  // "WHO for AGE; PLACE"

// The thing to hold, seen from the program that holds it. Used by one thread at a time, except
// obstacle(), which another thread may call while acquire() blocks.
class Claim {
 public:
  virtual ~Claim() = default;

  virtual std::string what() const = 0;  // "lock 'backup'", for messages

  // Blocks until all of it is held; errors as recipe::Lock has them. Whoever calls closes the
  // session after an error.
  virtual Result<std::vector<recipe::Held>> acquire(const Context& ctx, etcd::Client& client,
                                                    const etcd::Session& session) = 0;

  virtual Result<Obstacle> obstacle(const Context& ctx, etcd::Client& client,
                                    std::int64_t own_lease) = 0;

  // What the command finds in its environment.
  virtual Variables variables(const std::vector<recipe::Held>& held) const = 0;

  // What becomes its stdin, a descriptor that stays the claim's; -1: ours.
  virtual int input() const { return -1; }

  // Called once after acquire(), when the command has ended with this wait status, and before the
  // lease is revoked. No status: it has not run, or was stopped because what was held was lost. An
  // error takes the place of the command's success. Blocks within CTX.
  virtual Result<> settle(const Context& /*ctx*/, etcd::Client& /*client*/,
                          const std::vector<recipe::Held>& /*held*/,
                          std::optional<int> /*wait_status*/) {
    return {};
  }
};

struct Plan {
  std::unique_ptr<Claim> claim;
  std::optional<std::vector<std::string>> command;  // none: hold until a signal
  std::chrono::seconds ttl{15};
  Duration grace = std::chrono::seconds{3};  // between TERM and KILL when it is lost
  std::optional<Duration> timeout;           // of the waiting
  std::optional<int> conflict_status;        // instead of 1 and 124
  std::optional<int> status_fd;
  bool until_eof = false;  // without a command: hold until stdin ends
  bool wait_tree = false;  // hold until all that the command started has ended too
  bool pass_credentials = false;

  bool waits() const { return timeout != Duration{0}; }  // no timeout: for ever
};

}  // namespace coord::run
