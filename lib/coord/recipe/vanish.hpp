// Vanish: waits until one key is gone, while the waiter's own key stays. Steps 2 and 3 of the rule
// in wait.hpp.
//
// For one waiter and one thread. Keeps its watch of the own key from one wait to the next.
#pragma once

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::recipe {

class Vanish {
 public:
  Vanish(etcd::Client& client, std::string own_key, std::int64_t own_created);

  // Blocks until KEY, as created at CREATED, is gone or may be. SEEN is the revision at which both
  // keys were read. Code::lost when the own key goes; denied, timed_out, cancelled.
  Result<> wait(const Context& ctx, const std::string& key, std::int64_t created,
                std::int64_t seen);

 private:
  struct Target {
    std::string key;
    std::int64_t created = 0;
    std::int64_t watch = 0;
  };
  enum class News { none, doubt, gone, ended };

  News news_of(const etcd::WatchReply& reply) const;
  Result<bool> follow_reply(const Context& ctx,
                            const etcd::WatchReply& reply);        // true: the wait is over
  Result<bool> read_again(const Context& ctx, bool serializable);  // true: the other key is gone
  void watch(Target& target);

  etcd::Client* client_;
  etcd::Watcher watcher_;
  Target own_;
  Target other_;
  std::int64_t seen_ = 0;
};

}  // namespace coord::recipe
