// The key under which something is held, as etcdctl prints it: the way get does.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::commands {

struct OwnKey {
  etcd::Header header;
  etcd::KeyValue kv;
};

// Asks as recipe::patiently_if() does. Code::lost where the key has gone again.
Result<OwnKey> read_own_key(const Context& ctx, etcd::Client& client, const std::string& key,
                            bool waits);
void print_own_key(cli::Env& env, const OwnKey& own);

}  // namespace coord::commands
