// Belongings: tells when something that was taken under a session's lease goes without having been
// given back, while the lease lives on: an operator has deleted the key of a lock, say.
//
// The keys come and go by other processes of the session. Every two seconds the lease is asked for
// its keys; those that are named as locks, semaphores and elections are (layout.hpp) are watched
// from then on, until a look after they went in order. give_back() deletes such a key in one
// transaction with a put of the session's own key, so a deletion is in order exactly if the
// session's key was written at the same revision. The deletion of a key that held nothing yet is no
// loss either: it ends the wait of whoever put it. When that cannot be told any more, for instance
// after a compaction, it is one; and so is a key that may no longer be read.
// What goes before the first look at it is not noticed. One thread of its own; thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "coord/base/notifier.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::recipe {

class Belongings {
 public:
  // CHANGED is posted when lost() turns from nothing to something; it and CLIENT must outlive this.
  Belongings(etcd::Client& client, std::int64_t lease, Notifier& changed);
  ~Belongings();
  Belongings(const Belongings&) = delete;
  Belongings& operator=(const Belongings&) = delete;

  // Code::lost and what, once anything went out of order. Never taken back.
  std::optional<Error> lost() const;

 private:
  struct Watch {
    std::int64_t id = 0;    // 0: the server has ended it
    std::int64_t from = 0;  // the revision to go on from then
    bool gone = false;      // the key was deleted, in order
  };

  void run(const std::stop_token& stop);
  void look(const Context& ctx, etcd::Watcher& watcher);
  void forget_gone(const std::set<std::string>& there, etcd::Watcher& watcher);
  bool hear(const Context& ctx, const etcd::WatchReply& reply);  // false: lost
  bool is_there(const Context& ctx, const std::string& key);
  bool was_given_back(const Context& ctx, std::int64_t revision);
  bool was_waiting(const Context& ctx, const std::string& key, std::int64_t revision);
  void lose(const std::string& key, const std::string& why);

  etcd::Client* client_;
  const std::int64_t lease_;
  Notifier* changed_;
  std::map<std::string, Watch> watches_;  // by key; the thread's
  mutable std::mutex mutex_;
  std::optional<Error> lost_;
  std::jthread watcher_;
};

}  // namespace coord::recipe
