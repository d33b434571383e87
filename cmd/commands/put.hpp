// coord put: writes one key.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/key_range.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::commands {

struct PutOptions {
  KeyWords keys;  // first: KEY, second: VALUE
  std::optional<std::string> lease;
  bool prev_kv = false;
  bool ignore_value = false;
  bool ignore_lease = false;
};

CLI::App& add_put(CLI::App& root, PutOptions& options);  // its words alone
// Without a value under --ignore-value. Code::usage.
Result<etcd::PutRequest> put_query(const PutOptions& options, KeyAndRest given);
void define_put(CLI::App& root, cli::Registry& registry);
Result<int> run_put(const PutOptions& options, cli::Env& env);

}  // namespace coord::commands
