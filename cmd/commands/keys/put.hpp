// coord put: writes one key.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/keys/conditions.hpp"
#include "cmd/commands/shared/key_range.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::commands {

struct PutOptions {
  KeyWords keys;  // first: KEY, second: VALUE
  std::optional<std::string> lease;
  bool prev_kv = false;
  bool ignore_value = false;
  bool ignore_lease = false;
  std::optional<std::string> file;  // where the value is; "-": stdin
  Conditions conditions;
};

CLI::App& add_put(CLI::App& root, PutOptions& options);  // its words alone
// Without a value under --ignore-value. Code::usage.
Result<etcd::PutRequest> put_query(const PutOptions& options, KeyAndRest given);
void define_put(CLI::App& root, cli::Registry& registry);
// Code::compare_failed when a condition does not hold: nothing was written.
Result<int> run_put(const PutOptions& options, cli::Env& env);

}  // namespace coord::commands
