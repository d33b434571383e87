// coord del: deletes keys.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/keys/conditions.hpp"
#include "cmd/commands/shared/key_range.hpp"
#include "coord/etcd/kv.hpp"

namespace coord::commands {

struct DelOptions {
  KeyWords keys;
  bool range = false;  // RANGE_END is meant; etcdctl waits two seconds without it, coord does not
  bool prev_kv = false;
  bool yes = false;  // do not ask
  Conditions conditions;
};

CLI::App& add_del(CLI::App& root, DelOptions& options);            // its words alone
Result<etcd::DeleteRequest> del_query(const DelOptions& options);  // Code::usage
void define_del(CLI::App& root, cli::Registry& registry);
// 1 when the user said no. Code::compare_failed when a condition does not hold.
Result<int> run_del(const DelOptions& options, cli::Env& env);

}  // namespace coord::commands
