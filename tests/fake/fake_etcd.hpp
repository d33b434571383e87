// FakeEtcd: an etcd server inside the test, behind a real socket, that can be told to misbehave.
//
// It answers KV, Lease, Watch, Cluster, Maintenance and Authenticate as etcd 3.4 does, refusals
// word by word. Several may be members of one cluster: they share store, leases and users, and each
// misbehaves by itself. What a test waits for it waits for with until(). Thread-safe. A method is
// named as in the protocol: "Put", "LeaseKeepAlive"; besides "WatchCancel" and "WatchEvents".
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coord::fake {

enum class Listen { tcp, unix_socket };

// A watch that a client asked for.
struct WatchCreate {
  std::string key;
  std::string range_end;
  std::int64_t start_revision = 0;
  bool no_put = false;
  bool no_delete = false;
};

class FakeEtcd {
 public:
  explicit FakeEtcd(Listen listen = Listen::tcp);  // a cluster of one
  explicit FakeEtcd(FakeEtcd* peer);               // one more member of PEER's cluster
  ~FakeEtcd();
  FakeEtcd(const FakeEtcd&) = delete;
  FakeEtcd& operator=(const FakeEtcd&) = delete;

  std::string endpoint() const;  // 127.0.0.1:PORT, or unix:///PATH
  void stop();                   // as if killed: connections break, the port is closed
  void start();                  // again, at the same endpoint

  // How it misbehaves.
  void delay(std::chrono::milliseconds span);  // before each request is looked at
  void never_answer(bool on);  // as if stopped: what comes in is served when this ends
  void lose_leader(bool lost);
  void drop_reply(const std::string& method, int times = 1);  // done, but answered by UNAVAILABLE
  void refuse(const std::string& method, int status, const std::string& message, int times = 1);
  void break_watch_streams();
  void fragment_watch_replies(bool on);  // an event a piece, where the client allows it
  void send_progress();                  // to every watch that asked for progress_notify

  // What happens to the cluster.
  void compact(std::int64_t revision);
  bool expire_lease(std::int64_t id);  // false: there was none
  void set_minimum_ttl(std::chrono::seconds ttl);
  void require_password(const std::string& user, const std::string& password);
  void expire_tokens();
  std::int64_t put(const std::string& key, const std::string& value, std::int64_t lease = 0);
  std::int64_t remove(const std::string& key);  // both return the revision after it

  // What has come of it.
  std::int64_t revision() const;
  std::optional<std::string> value(const std::string& key) const;
  std::vector<std::string> keys(const std::string& prefix = "") const;
  std::vector<std::int64_t> leases() const;
  int calls(const std::string& method) const;    // of this member; requests, also on a stream
  int streams(const std::string& method) const;  // that are open
  std::vector<WatchCreate> watches() const;      // of this member, in order

  // Waits until CONDITION, which may ask this object, holds; false when it does not within LIMIT.
  bool until(const std::function<bool()>& condition,
             std::chrono::milliseconds limit = std::chrono::seconds{10}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace coord::fake
