// coord downgrade validate, enable, cancel.
#pragma once

#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "coord/etcd/maintenance.hpp"

namespace coord::commands {

void define_downgrade(CLI::App& root, cli::Registry& registry);

// VERSION is empty for cancel.
Result<int> run_downgrade(etcd::DowngradeAction action, const std::string& version, cli::Env& env);

}  // namespace coord::commands
