// coord check perf, datascale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "coord/recipe/load.hpp"

namespace coord::commands {

struct CheckOptions {
  std::string load = "s";
  std::string prefix;
  bool auto_compact = false;
  bool auto_defrag = false;
  Duration duration = std::chrono::seconds{60};  // of perf
};

void define_check(CLI::App& root, cli::Registry& registry);

// Writes for a minute at the rate of the load. Exit status 1 when it is too much for the cluster.
Result<int> run_check_perf(const CheckOptions& options, cli::Env& env);
// Writes so many keys, and says how the members' databases have grown.
Result<int> run_check_datascale(const CheckOptions& options, cli::Env& env);

// Runs the load on keys of its own, which are gone when this returns or a signal ends us. Code::
// bad_data where the prefix has keys already.
Result<recipe::LoadOutcome> run_load(const CheckOptions& options, cli::Env& env,
                                     const recipe::LoadPlan& plan, const Context& ctx,
                                     const std::function<void()>& before_clean);
// Prints what errors there were. Were there any?
bool tell_errors(const recipe::LoadOutcome& outcome, cli::Env& env);

}  // namespace coord::commands
