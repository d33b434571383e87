// GivingBack: the end of a hold as etcd sees it: what the claim has to settle, and then the lease.
// In a thread of its own, since all of that blocks.
#pragma once

#include <atomic>
#include <optional>
#include <thread>

#include "cmd/cli/env.hpp"
#include "cmd/run/acquirer.hpp"
#include "cmd/run/plan.hpp"
#include "coord/base/notifier.hpp"

namespace coord::run {

class GivingBack {
 public:
  struct Reason {
    bool in_order = false;              // the claim settles; else it retreats
    bool lost = false;                  // what cannot be given back any more is not worth a word
    std::optional<int> command_status;  // of a CMD that has ended
  };

  // Posts CHANGED when it is done. All must outlive it.
  GivingBack(cli::Env& env, etcd::Client& client, const Plan& plan, const Taken& taken,
             const Reason& reason, Notifier& changed);

  void hurry() { thread_.request_stop(); }  // ends what settle() waits for
  bool is_done() const { return done_; }
  const std::optional<Error>& error() const { return error_; }  // the claim's, once it is done

 private:
  void work(const std::stop_token& stop, const Reason& reason);
  Result<> settle(const std::stop_token& stop, const Reason& reason);

  cli::Env* env_;
  etcd::Client* client_;
  const Plan* plan_;
  const Taken* taken_;
  Notifier* changed_;
  std::optional<Error> error_;
  std::atomic<bool> done_ = false;
  std::jthread thread_;
};

}  // namespace coord::run
