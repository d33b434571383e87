// The key under which something is held, as etcdctl prints it: the way get does.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::commands {

struct OwnKey {
  etcd::Header header;
  etcd::KeyValue kv;
};

// Asks until etcd answers, as recipe::patiently() does. Nothing where the key is gone again:
// whoever guards it will say so.
Result<std::optional<OwnKey>> read_own_key(const Context& ctx, etcd::Client& client,
                                           const std::string& key);
void print_own_key(cli::Env& env, const OwnKey& own);

}  // namespace coord::commands
