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

namespace coord::cli {
class Env;
}

namespace coord::run {

using Variables = std::vector<std::pair<std::string, std::string>>;

// Who is in the way of a claim. "waiting for lock 'backup': WHO for AGE, PLACE".
struct Obstacle {
  std::string who;    // empty: nobody any more
  std::string age;    // may be empty
  std::string place;  // "2 ahead of you"; may be empty
};

std::string in_words(const Obstacle& obstacle);  // "WHO for AGE; PLACE"

// What is waited for, for those who tell people of it.
class Awaited {
 public:
  virtual ~Awaited() = default;

  virtual std::string what() const = 0;  // "lock 'backup'", for messages

  // Another thread may call it while the waiting goes on. One or a few short reads.
  virtual Result<Obstacle> obstacle(const Context& ctx, etcd::Client& client,
                                    std::int64_t own_lease) = 0;
};

// The thing to hold, seen from the program that holds it. Used by one thread at a time, except
// obstacle() and what is const.
class Claim : public Awaited {
 public:
  // Blocks until all of it is held; errors as recipe::Lock has them. Whoever calls closes the
  // session after an error.
  virtual Result<std::vector<recipe::Held>> acquire(const Context& ctx, etcd::Client& client,
                                                    const etcd::Session& session) = 0;

  // Are things taken under its lease by others, whose loss is its loss? See recipe/belongings.hpp.
  virtual bool has_belongings() const { return false; }

  // Takes back what acquire() has left under a lease that lives on.
  virtual Result<> withdraw(const Context&, etcd::Client&, std::int64_t /*lease*/) { return {}; }

  // A line for people about what is held, or nothing. Called once it is, by the thread that has
  // acquired it, while CMD starts: one short read at the most.
  virtual std::string remark(const Context& /*ctx*/, etcd::Client& /*client*/,
                             std::int64_t /*own_lease*/) const {
    return "";
  }

  // What the command finds in its environment.
  virtual Variables variables(const std::vector<recipe::Held>& held) const = 0;

  // What becomes its stdin, a descriptor that stays the claim's; -1: ours.
  virtual int input() const { return -1; }

  // Prints what is held, where there is no command: as etcdctl's lock does, if not overridden.
  virtual Result<> show(cli::Env& env, const std::vector<recipe::Held>& held) const;

  // What is to be done when the command has ended by itself (WAIT_STATUS), or a hold without one is
  // to end, and before the lease goes; not after a loss. INT or TERM to coord cancel CTX. An error
  // is that of the whole hold, unless the command has failed already.
  virtual Result<> settle(const Context& ctx, etcd::Client& client,
                          const std::vector<recipe::Held>& held, std::optional<int> wait_status) {
    (void)ctx, (void)client, (void)held, (void)wait_status;
    return {};
  }
  // How long settle() may block; 0: for a few requests only.
  virtual Duration settle_limit() const { return Duration{0}; }

  // Instead of settle() where nothing came of what was acquired: the command has not run, or was
  // stopped because of a loss. Blocks within CTX.
  virtual Result<> retreat(const Context& /*ctx*/, etcd::Client& /*client*/,
                           const std::vector<recipe::Held>& /*held*/) {
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
  int until_fd = -1;       // without a command: hold until this descriptor has something to say
  std::optional<std::int64_t> lease;  // of a session that somebody else keeps: take it under that,
                                      // and return
  bool wait_tree = false;             // hold until all that the command started has ended too
  bool pass_credentials = false;
  bool notify = false;   // tell the service manager
  bool requeue = false;  // after a loss, when all that was started is gone, begin again

  bool waits() const { return timeout != Duration{0}; }  // no timeout: for ever
  BootTime give_up_at() const {                          // for a wait that begins now
    return timeout.value_or(Duration{0}) > Duration{0} ? after(BootClock::now(), *timeout) : kNever;
  }
};

}  // namespace coord::run
