// coord leader NAME: who leads now.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "coord/recipe/election.hpp"

namespace coord::commands {

void define_leader(CLI::App& root, cli::Registry& registry);

// Exit status 1 when nobody does.
Result<int> run_leader(const std::string& name, cli::Env& env);

// key, value, rev (the create revision: the leader's number), lease.
out::Fields leader_fields(const etcd::KeyValue& kv);

}  // namespace coord::commands
