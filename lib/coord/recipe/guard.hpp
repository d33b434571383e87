// Guard: tells when something held is no longer held, because its key was deleted or taken off its
// lease.
//
// A living lease is no proof that the key exists: an operator may delete it, and servers
// before 3.4.38 and 3.5.23 may renew a lease that was revoked. So the keys themselves are watched,
// from the revision at which ownership was proved, and read again after every doubt and every few
// seconds; twice a second while the server refuses the watch. Who may no longer read a key has lost
// it, and so has who can't log in to watch it again: nothing would tell that it is gone. One thread
// of its own; thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "coord/base/notifier.hpp"
#include "coord/etcd/watch.hpp"
#include "coord/recipe/held.hpp"

namespace coord::recipe {

class Guard {
 public:
  // CHANGED is posted when lost() turns from nothing to something; it and CLIENT must outlive the
  // guard.
  Guard(etcd::Client& client, std::vector<Held> held, Notifier& changed);
  ~Guard();
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  // Code::lost and why, once any of what was held is gone. Never taken back, and never another.
  std::optional<Error> lost() const;

 private:
  struct Watched {
    Held held;
    std::int64_t watch = 0;     // 0: the server has refused it, until again_at
    std::int64_t revision = 0;  // up to which it is known to be held
    BootTime again_at{};
    bool refused = false;  // the last look at the key was, for want of permission
  };

  void run(const std::stop_token& stop);
  void watch(etcd::Watcher& watcher, Watched& one);
  void hear(const Context& ctx, etcd::Watcher& watcher, const etcd::WatchReply& reply);
  void hear_events(const Held& held, const std::vector<etcd::Event>& events);
  void check_all(const Context& ctx, etcd::Watcher& watcher);
  void check(const Context& ctx, Watched& one);
  void on_no_answer(Watched& one, const Error& error);
  void plan_next_check();
  void lose(const Held& held, const std::string& why);

  etcd::Client* client_;
  std::vector<Watched> watched_;  // the thread's, as next_check_ is
  BootTime next_check_{};
  Notifier* changed_;
  mutable std::mutex mutex_;
  std::optional<Error> lost_;
  std::jthread watcher_;
};

}  // namespace coord::recipe
