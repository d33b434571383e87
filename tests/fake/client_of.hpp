// Clients and contexts for tests of what stands on coord/etcd.
#pragma once

#include <memory>
#include <stdexcept>
#include <utility>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"
#include "fake/fake_etcd.hpp"

namespace coord::fake {

// Long enough for a busy machine: a test that needs it all has failed.
inline Context soon() { return Context::within(std::chrono::seconds{20}); }

inline std::unique_ptr<etcd::Client> open_client(etcd::Options options) {
  auto client = etcd::Client::open(std::move(options));
  if (!client) throw std::runtime_error(client.error().message);
  return std::move(*client);
}

inline std::unique_ptr<etcd::Client> client_of(std::vector<std::string> endpoints) {
  etcd::Options options;
  options.endpoints = std::move(endpoints);
  return open_client(std::move(options));
}

inline std::unique_ptr<etcd::Client> client_of(const FakeEtcd& server) {
  return client_of(std::vector{server.endpoint()});
}

inline std::vector<std::string> keys_of(const etcd::RangeReply& range) {
  std::vector<std::string> keys;
  keys.reserve(range.kvs.size());
  for (const etcd::KeyValue& kv : range.kvs) keys.push_back(kv.key);
  return keys;
}

// What a failed EXPECT prints of a result.
template <typename T>
std::string why(const Result<T>& result) {
  return result ? "no error" : result.error().message;
}

}  // namespace coord::fake
