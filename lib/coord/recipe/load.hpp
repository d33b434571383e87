// Load: how fast a cluster takes writes. Puts keys of its own under a prefix, and takes them away.
//
// Writers take turns from one list: write number i is due at start + i / rate, whoever is free does
// it; what is late is done as soon as somebody is. A put is sent once. The caller sees to it that
// the prefix is nobody else's: clean() deletes all that is under it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "coord/base/context.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::recipe {

struct LoadPlan {
  std::string prefix;  // not empty
  std::size_t writers = 50;
  std::int64_t rate = 0;  // writes a second; 0: as fast as they go
  std::int64_t count = 0;
  std::size_t value_bytes = 1024;
};

struct LoadOutcome {
  std::int64_t done = 0;
  Duration took{};
  double slowest = 0;  // seconds
  double deviation = 0;
  std::map<std::string, std::int64_t> errors;  // how often each came

  double rate() const {
    return static_cast<double>(done) / std::chrono::duration<double>(took).count();
  }
};

class Load {
 public:
  explicit Load(etcd::Client& client, LoadPlan plan) : client_(&client), plan_(std::move(plan)) {}

  // Is nothing under the prefix?
  Result<bool> is_clear(const Context& ctx);
  // Blocks until all is written; PROGRESS is called now and then with how many are. Code::cancelled
  // when CTX is stopped: clean() is still to be called.
  Result<LoadOutcome> run(const Context& ctx, const std::function<void(std::int64_t)>& progress);
  // Deletes all under the prefix. The revision after it.
  Result<std::int64_t> clean(const Context& ctx);

 private:
  etcd::Client* client_;
  LoadPlan plan_;
};

}  // namespace coord::recipe
