#include "fake/fake_etcd.hpp"

#include <algorithm>

#include "fake/apply.hpp"
#include "fake/member.hpp"

namespace coord::fake {

using std::chrono::steady_clock;

struct FakeEtcd::Impl {
  Impl(std::shared_ptr<Cluster> cluster, Listen listen)
      : member(std::move(cluster), listen == Listen::unix_socket) {}

  // Looks at, or changes, what the lock guards.
  template <typename Work>
  auto locked(const Work& work) {
    const std::lock_guard lock(member.cluster->mutex);
    member.cluster->changed.notify_all();  // heard when the lock is free
    return work(member.gate, *member.cluster);
  }

  Member member;
};

namespace {

const grpc::Status kBroken(grpc::StatusCode::UNAVAILABLE, "transport is closing");

Span span_of_prefix(const std::string& prefix) {
  if (prefix.empty()) return {std::string(1, '\0'), std::string(1, '\0')};
  return {prefix, prefix + "\xff"};
}

}  // namespace

FakeEtcd::FakeEtcd(Listen listen)
    : impl_(std::make_unique<Impl>(std::make_shared<Cluster>(), listen)) {}

FakeEtcd::FakeEtcd(FakeEtcd* peer)
    : impl_(std::make_unique<Impl>(peer->impl_->member.cluster, Listen::tcp)) {}

FakeEtcd::~FakeEtcd() = default;

std::string FakeEtcd::endpoint() const { return impl_->member.endpoint(); }

void FakeEtcd::stop() { impl_->member.stop(); }

void FakeEtcd::start() { impl_->member.start(); }

void FakeEtcd::delay(std::chrono::milliseconds span) {
  impl_->locked([&](Gate& gate, Cluster&) { gate.delay = span; });
}

void FakeEtcd::never_answer(bool on) {
  impl_->locked([&](Gate& gate, Cluster&) { gate.silent = on; });
}

void FakeEtcd::lose_leader(bool lost) {
  impl_->locked([&](Gate& gate, Cluster&) { gate.lose_leader(lost); });
}

void FakeEtcd::drop_reply(const std::string& method, int times) {
  impl_->locked([&](Gate& gate, Cluster&) {
    for (int i = 0; i < times; ++i) gate.faults[method].push_back({kBroken, true});
  });
}

void FakeEtcd::refuse(const std::string& method, int status, const std::string& message,
                      int times) {
  const grpc::Status refusal(static_cast<grpc::StatusCode>(status), message);
  impl_->locked([&](Gate& gate, Cluster&) {
    for (int i = 0; i < times; ++i) gate.faults[method].push_back({refusal, false});
  });
}

void FakeEtcd::break_watch_streams() {
  impl_->locked([](Gate& gate, Cluster&) { gate.end_streams("Watch", kBroken); });
}

void FakeEtcd::fragment_watch_replies(bool on) {
  impl_->locked([&](Gate& gate, Cluster&) { gate.fragments = on; });
}

void FakeEtcd::send_progress() {
  impl_->locked([](Gate& gate, Cluster&) { ++gate.progress; });
}

void FakeEtcd::compact(std::int64_t revision) {
  impl_->locked([&](Gate&, Cluster& cluster) { return apply_compact(cluster.store, revision); });
}

bool FakeEtcd::expire_lease(std::int64_t id) {
  return impl_->locked([&](Gate&, Cluster& cluster) { return cluster.leases.end(id); });
}

void FakeEtcd::set_minimum_ttl(std::chrono::seconds ttl) {
  impl_->locked([&](Gate&, Cluster& cluster) { cluster.leases.minimum = ttl; });
}

void FakeEtcd::require_password(const std::string& user, const std::string& password) {
  impl_->locked([&](Gate&, Cluster& cluster) { cluster.auth.passwords[user] = password; });
}

void FakeEtcd::expire_tokens() {
  impl_->locked([](Gate&, Cluster& cluster) { cluster.auth.tokens.clear(); });
}

std::int64_t FakeEtcd::put(const std::string& key, const std::string& value, std::int64_t lease) {
  return impl_->locked([&](Gate&, Cluster& cluster) {
    Write(cluster.store).put(key, value, lease);
    return cluster.store.revision();
  });
}

std::int64_t FakeEtcd::remove(const std::string& key) {
  return impl_->locked([&](Gate&, Cluster& cluster) {
    Write(cluster.store).remove({key, ""});
    return cluster.store.revision();
  });
}

std::int64_t FakeEtcd::revision() const {
  return impl_->locked([](Gate&, Cluster& cluster) { return cluster.store.revision(); });
}

std::optional<std::string> FakeEtcd::value(const std::string& key) const {
  return impl_->locked([&](Gate&, Cluster& cluster) -> std::optional<std::string> {
    const auto kv = cluster.store.get(key);
    if (!kv) return std::nullopt;
    return kv->value();
  });
}

std::vector<std::string> FakeEtcd::keys(const std::string& prefix) const {
  return impl_->locked([&](Gate&, Cluster& cluster) {
    std::vector<std::string> found;
    for (const auto& kv : cluster.store.read(span_of_prefix(prefix))) found.push_back(kv.key());
    return found;
  });
}

std::vector<std::int64_t> FakeEtcd::leases() const {
  return impl_->locked([](Gate&, Cluster& cluster) { return cluster.leases.ids(); });
}

int FakeEtcd::calls(const std::string& method) const {
  return impl_->locked([&](Gate& gate, Cluster&) { return gate.calls[method]; });
}

int FakeEtcd::streams(const std::string& method) const {
  return impl_->locked([&](Gate& gate, Cluster&) {
    return static_cast<int>(std::ranges::count_if(gate.streams, [&](const OpenStream* stream) {
      return stream->name == method && !stream->ended();
    }));
  });
}

std::vector<WatchCreate> FakeEtcd::watches() const {
  return impl_->locked([](Gate& gate, Cluster&) {
    std::vector<WatchCreate> found;
    for (const auto& request : gate.watches) {
      WatchCreate& watch = found.emplace_back(request.key(), request.range_end(),
                                              request.start_revision(), false, false);
      for (const int filter : request.filters()) {
        (filter == etcdserverpb::WatchCreateRequest::NOPUT ? watch.no_put : watch.no_delete) = true;
      }
    }
    return found;
  });
}

bool FakeEtcd::until(const std::function<bool()>& condition,
                     std::chrono::milliseconds limit) const {
  const auto end = steady_clock::now() + limit;
  while (!condition()) {
    if (steady_clock::now() >= end) return false;
    std::unique_lock lock(impl_->member.cluster->mutex);
    impl_->member.cluster->changed.wait_for(lock, std::chrono::milliseconds{5});
  }
  return true;
}

}  // namespace coord::fake
