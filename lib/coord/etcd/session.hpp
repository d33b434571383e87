// Session: a lease that is kept alive by a thread of its own until it is closed or lost.
//
// What it promises about time: the server does not end the lease before expiry(), which counts from
// the moment that the last answered renewal was SENT plus the TTL that came back, on
// CLOCK_BOOTTIME. Go counts from the reply, which is late by up to a round trip. Renewals go out
// every TTL/4 at the latest; one that fails is tried again, on other endpoints too, every
// min(TTL/10, 500 ms).
//
// A session that cannot reach etcd is not called lost: it goes on trying, and whoever holds
// something looks at expiry(). Lost means that the server said so. Thread-safe.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "coord/base/notifier.hpp"
#include "coord/etcd/lease.hpp"

namespace coord::etcd {

class Session {
 public:
  // Grants a lease of TTL and starts to renew it. The id is ours, drawn at random, so that a grant
  // whose reply was lost can be found again, or taken back when CTX ends. Posts CHANGED, if given,
  // whenever expiry() moves or lost() turns true; it must outlive the session.
  static Result<std::unique_ptr<Session>> open(Client& client, const Context& ctx,
                                               std::chrono::seconds ttl,
                                               Notifier* changed = nullptr);
  // A session whose lease somebody else keeps alive: it is not renewed, and close() leaves it
  // alone. Its times are those of this moment. Code::lost when there is no such lease.
  static Result<std::unique_ptr<Session>> join(Client& client, const Context& ctx,
                                               std::int64_t lease);
  // Stops the renewals; the lease is left to end by itself. See close().
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  std::int64_t lease() const { return lease_; }
  std::uint64_t cluster_id() const { return cluster_id_; }
  std::chrono::seconds ttl() const;  // as last granted
  BootTime sent() const;             // when the last answered renewal was sent
  BootTime expiry() const;           // sent() + ttl()
  bool lost() const;
  bool joined() const { return joined_; }

  // Stops the renewals and revokes the lease: its keys are gone when this returns without an error.
  // Blocks within CTX; no error when the lease was gone already.
  Result<> close(const Context& ctx);

 private:
  Session(Client& client, const LeaseGrant& grant, bool joined, Notifier* changed);
  void start();
  void run(const std::stop_token& stop);
  Duration renew(const std::stop_token& stop);  // how long to wait until the next try

  Client* client_;
  const std::int64_t lease_;
  const std::uint64_t cluster_id_;
  const bool joined_;
  Notifier* changed_;
  mutable std::mutex mutex_;
  std::chrono::seconds ttl_;
  BootTime sent_;
  bool lost_ = false;
  std::jthread renewer_;  // last: it ends before all else goes
};

}  // namespace coord::etcd
