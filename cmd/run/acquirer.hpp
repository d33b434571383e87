// Acquirer: opens the session and acquires, in a thread of its own, so that the holder's main
// thread never blocks. When the lease ends while it waits, for instance because etcd was away for
// too long, it begins again with a new one.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "cmd/cli/env.hpp"
#include "cmd/run/plan.hpp"
#include "coord/base/notifier.hpp"

namespace coord::run {

struct Taken {
  std::unique_ptr<etcd::Session> session;
  std::vector<recipe::Held> held;
};

class Acquirer {
 public:
  // Posts CHANGED when it has finished, and when the session's expiry moves. All must outlive it.
  Acquirer(cli::Env& env, etcd::Client& client, const Plan& plan, BootTime give_up_at,
           Notifier& changed);

  // The result, once: nothing while it works and after it was taken. After an error nothing is left
  // in etcd, or the error said that etcd is out of reach.
  std::optional<Result<Taken>> take();
  void cancel() { thread_.request_stop(); }
  std::int64_t lease() const { return lease_; }  // of the attempt under way; 0: none yet

 private:
  Result<Taken> work(const Context& ctx);
  Result<Taken> attempt(const Context& ctx);
  void remark(const std::stop_token& stop) const;
  Result<std::unique_ptr<etcd::Session>> open_session(const Context& ctx);

  cli::Env* env_;
  etcd::Client* client_;
  const Plan* plan_;
  Notifier* changed_;
  std::atomic<std::int64_t> lease_ = 0;
  std::mutex mutex_;
  std::optional<Result<Taken>> result_;
  std::jthread thread_;
};

}  // namespace coord::run
