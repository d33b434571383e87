// Backlog: the items at the head of a queue, for a consumer; waits for one when there is none.
//
// Waiting follows the rule in wait.hpp for a prefix instead of a key (changes.hpp), of puts only.
// What the watch brings is believed only as far as the guard of the claim goes. While a queue is
// empty a read costs nothing; no wait reads the items of a full one. First, and every five seconds,
// claims of dead consumers are given back.
#pragma once

#include <deque>

#include "coord/etcd/watch.hpp"
#include "coord/recipe/queue.hpp"

namespace coord::recipe {

// For one thread. CLIENT must outlive it.
class Backlog {
 public:
  // PAGE: how many items to read at once. MOST_ATTEMPTS: see GiveBack.
  Backlog(etcd::Client& client, QueueName queue, std::int64_t page, int most_attempts);

  // Blocks until there are items(). Without WAIT: Code::busy when there are none. While etcd cannot
  // be reached it goes on trying; denied, timed_out, cancelled.
  Result<> await(const Context& ctx, bool wait);

  // Oldest first. Whoever claims them takes them out.
  std::deque<QueueItem>& items() { return items_; }

  // A key under NAME/ that is no item of this queue, if one was seen.
  const std::string& foreign() const { return foreign_; }

 private:
  Result<> recover_dead(const Context& ctx);
  Result<std::int64_t> read(const Context& ctx);  // the revision
  Result<> listen(const Context& ctx, std::int64_t seen);
  void take(const std::vector<etcd::Event>& events);

  etcd::Client* client_;
  QueueName queue_;
  std::int64_t page_;
  int most_attempts_;
  BootTime next_recovery_{};
  std::deque<QueueItem> items_;
  std::string foreign_;
};

}  // namespace coord::recipe
