#include "fake/gate.hpp"

#include <algorithm>

namespace coord::fake {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

constexpr auto kLook = 5ms;  // how often a held-back request looks whether its caller has gone

std::string metadata(const grpc::ServerContextBase& context, const char* name) {
  const auto it = context.client_metadata().find(name);
  if (it == context.client_metadata().end()) return {};
  return {it->second.data(), it->second.size()};
}

grpc::Status no_leader() { return {grpc::StatusCode::UNAVAILABLE, "etcdserver: no leader"}; }

}  // namespace

Caller::Caller(const grpc::ServerContextBase& context, std::function<bool()> has_gone)
    : requires_leader(metadata(context, "hasleader") == "true"),
      token(metadata(context, "token")),
      gone(std::move(has_gone)) {}

grpc::Status Gate::enter(std::unique_lock<std::mutex>& lock, const Caller& caller,
                         const Method& method) {
  ++calls[method.name];
  cluster.changed.notify_all();
  const auto ready = steady_clock::now() + delay;
  while (silent || steady_clock::now() < ready) {
    if (caller.gone()) return {grpc::StatusCode::CANCELLED, "the caller has gone"};
    cluster.changed.wait_for(lock, kLook);
  }
  const grpc::Status fault = take_fault(method, false);
  return fault.ok() ? check(caller, method) : fault;
}

grpc::Status Gate::leave(const Method& method) { return take_fault(method, true); }

grpc::Status Gate::take_fault(const Method& method, bool after_work) {
  auto& queue = faults[method.name];
  if (queue.empty() || queue.front().after_work != after_work) return grpc::Status::OK;
  const grpc::Status status = queue.front().status;
  queue.pop_front();
  return status;
}

// A member without a leader refuses at once those who ask for one; others it lets wait for a
// majority in vain.
grpc::Status Gate::check(const Caller& caller, const Method& method) const {
  if (leaderless && caller.requires_leader) return no_leader();
  if (leaderless && method.needs_majority) {
    return {grpc::StatusCode::UNAVAILABLE, "etcdserver: request timed out"};
  }
  if (cluster.auth.passwords.empty() || !method.needs_token) return grpc::Status::OK;
  if (caller.token.empty()) {
    return {grpc::StatusCode::INVALID_ARGUMENT, "etcdserver: user name is empty"};
  }
  if (!cluster.auth.tokens.contains(caller.token)) {
    return {grpc::StatusCode::UNAUTHENTICATED, "etcdserver: invalid auth token"};
  }
  return grpc::Status::OK;
}

void Gate::add_stream(OpenStream* stream) {
  streams.insert(stream);
  if (leaderless && stream->requires_leader) stream->end(no_leader());
}

void Gate::end_streams(const std::string& name, const grpc::Status& status) {
  for (OpenStream* stream : streams) {
    if (stream->name == name) stream->end(status);
  }
}

void Gate::lose_leader(bool lost) {
  leaderless = lost;
  for (OpenStream* stream : streams) {
    if (lost && stream->requires_leader) stream->end(no_leader());
  }
}

}  // namespace coord::fake
