// Vanish: waits until one of several keys is gone, while the waiter's own key stays. Steps 2 and 3
// of the rule in wait.hpp.
//
// For one waiter and one thread. Keeps its watches from one wait to the next, where the next is for
// the same keys.
#pragma once

#include <span>
#include <vector>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"
#include "coord/etcd/watch.hpp"

namespace coord::recipe {

// A key as it was created at that revision; made again later it is another one.
struct KeyAt {
  std::string key;
  std::int64_t created = 0;
};

class Vanish {
 public:
  Vanish(etcd::Client& client, std::string own_key, std::int64_t own_created);

  // Blocks until KEY, as created at CREATED, is gone or may be. SEEN is the revision at which both
  // keys were read. Code::lost when the own key goes; denied, timed_out, cancelled.
  Result<> wait(const Context& ctx, const std::string& key, std::int64_t created,
                std::int64_t seen);

  // The same until any of KEYS is gone; all of them and the own key were there at SEEN.
  Result<> wait_any(const Context& ctx, std::span<const KeyAt> keys, std::int64_t seen);

 private:
  struct Target {
    KeyAt at;
    std::int64_t watch = 0;
    bool stands = false;  // the server has said so
  };
  enum class News { none, stands, doubt, gone, ended };

  static News news_of(const etcd::WatchReply& reply);
  void follow(std::span<const KeyAt> keys);
  bool all_stand() const;
  Target* target_of(const etcd::WatchReply& reply);
  Result<bool> hear(const Context& ctx, const etcd::WatchReply& reply);  // true: the wait is over
  Result<bool> read_again(const Context& ctx, bool serializable);  // true: one of them is gone
  Result<bool> read_some(const Context& ctx, std::span<const Target> some, bool serializable);
  void watch(Target& target);

  etcd::Client* client_;
  etcd::Watcher watcher_;
  Target own_;
  std::vector<Target> others_;
  std::int64_t seen_ = 0;
  bool doubt_ = false;  // something was written before all watches stood
};

}  // namespace coord::recipe
