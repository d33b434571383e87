// coord doctor: what is wrong between here and etcd, and what to do about it.
//
// One finding a line: ok, warning or problem, each of the latter two with its mend. Changes nothing
// in the store but for one lease, which is granted and revoked to see how long a write takes.
#pragma once

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct DoctorOptions {
  std::optional<Duration> ttl;  // of the leases that are to live on this network
};

void define_doctor(CLI::App& root, cli::Registry& registry);
Result<int> run_doctor(const DoctorOptions& options, cli::Env& env);

}  // namespace coord::commands
