// Internal. Gate: what every request of one member passes on its way in and out. Counts it, and
// does to it what the test asked for: hold it back, refuse it, lose its reply.
#pragma once

#include <grpcpp/server_context.h>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "etcdserverpb/watch.pb.h"
#include "fake/cluster.hpp"

namespace coord::fake {

// Who asks, as far as the metadata tell.
struct Caller {
  explicit Caller(const grpc::ServerContextBase& context, std::function<bool()> has_gone);

  bool requires_leader = false;
  std::string token;
  std::function<bool()>
      gone;  // the call was cancelled, its deadline passed, or its connection broke
};

struct Method {
  std::string name;
  bool needs_majority = true;  // fails on a member without a leader
  bool needs_token = true;     // once authentication is on
};

// A stream that the gate can end. Under the cluster's lock.
class OpenStream {
 public:
  virtual ~OpenStream() = default;
  virtual void end(const grpc::Status& status) = 0;
  virtual bool ended() const = 0;

  std::string name;
  bool requires_leader = false;
};

struct Fault {
  grpc::Status status;
  bool after_work = false;
};

class Gate {
 public:
  explicit Gate(Cluster& shared) : cluster(shared), member(0xe0 + ++shared.members) {}

  // In: waits as long as the knobs say; then OK, or why the request is refused. LOCK is held on
  // entry and on return.
  grpc::Status enter(std::unique_lock<std::mutex>& lock, const Caller& caller,
                     const Method& method);
  // Out: OK, or the error that takes the place of a reply which gets lost.
  grpc::Status leave(const Method& method);

  void add_stream(OpenStream* stream);
  void end_streams(const std::string& name, const grpc::Status& status);
  void lose_leader(bool lost);

  Cluster& cluster;
  const std::uint64_t member;

  // All under the cluster's lock.
  std::chrono::milliseconds delay{0};
  bool silent = false;
  bool leaderless = false;
  bool fragments = false;  // each event of a watch's reply comes in a piece of its own
  std::map<std::string, std::deque<Fault>> faults;  // by method, each used once
  int progress = 0;                                 // how often all watches shall tell theirs
  std::map<std::string, int> calls;
  std::vector<etcdserverpb::WatchCreateRequest> watches;
  std::set<OpenStream*> streams;

 private:
  grpc::Status take_fault(const Method& method, bool after_work);
  grpc::Status check(const Caller& caller, const Method& method) const;
};

// One unary request: in, WORK under the lock, out.
template <typename Work>
grpc::Status serve(Gate& gate, const grpc::ServerContext* context, const Method& method,
                   const Work& work) {
  const Caller caller(*context, [context] { return context->IsCancelled(); });
  std::unique_lock lock(gate.cluster.mutex);
  grpc::Status status = gate.enter(lock, caller, method);
  if (status.ok()) status = work();
  gate.cluster.changed.notify_all();
  return status.ok() ? gate.leave(method) : status;
}

}  // namespace coord::fake
