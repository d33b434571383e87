// Lease: a span of time that etcd counts, and the keys that go when it ends. One round trip a call.
#pragma once

#include "coord/base/context.hpp"
#include "coord/etcd/client.hpp"
#include "coord/etcd/types.hpp"

namespace coord::etcd {

struct LeaseGrant {
  Header header;
  std::int64_t id = 0;
  std::chrono::seconds ttl{0};  // what the server granted; it may be more than was asked for
  BootTime sent{};              // just before the request that was answered was sent
};

struct LeaseKeepAlive {
  Header header;
  std::int64_t id = 0;
  std::chrono::seconds ttl{0};  // 0 or less: the lease is gone
  BootTime sent{};              // just before the request that was answered was sent
};

struct LeaseTimeToLive {
  Header header;
  std::int64_t id = 0;
  std::chrono::seconds ttl{0};  // left; -1: no such lease
  std::chrono::seconds granted_ttl{0};
  std::vector<std::string> keys;
};

struct LeaseList {
  Header header;
  std::vector<std::int64_t> leases;
};

class Lease {
 public:
  explicit Lease(Client& client) : client_(&client) {}

  // A lease of at least TTL (etcd raises what is below its minimum, 2 s by default). Repeated when
  // the reply is lost: the lease that nobody knows of has no keys and ends by itself.
  Result<LeaseGrant> grant(const Context& ctx, std::chrono::seconds ttl, std::int64_t id = 0);
  // Deletes the lease and its keys at one revision. Code::not_found when it is gone already.
  Result<Header> revoke(const Context& ctx, std::int64_t id);
  // One renewal over a stream of its own, which is closed again.
  Result<LeaseKeepAlive> keep_alive_once(const Context& ctx, std::int64_t id);
  Result<LeaseTimeToLive> time_to_live(const Context& ctx, std::int64_t id, bool keys);
  Result<LeaseList> list(const Context& ctx);

 private:
  Client* client_;
};

}  // namespace coord::etcd
