// coord barrier hold|release|wait|status NAME: a gate that is closed while somebody holds it.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/hold_options.hpp"

namespace coord::commands {

struct BarrierHoldOptions {
  std::string name;
  bool session = false;
  HoldOptions hold;
};

struct BarrierWaitOptions {
  std::string name;
  std::optional<Duration> timeout;
  bool nonblock = false;
  std::optional<std::string> conflict_status;
};

void define_barrier(CLI::App& root, cli::Registry& registry);
Result<int> run_barrier_hold(const BarrierHoldOptions& options, cli::Env& env);
Result<int> run_barrier_wait(const BarrierWaitOptions& options, cli::Env& env);
Result<int> run_barrier_release(const std::string& name, cli::Env& env);
Result<int> run_barrier_status(const std::string& name, cli::Env& env);

// Code::usage for an empty name; KIND is "barrier" or "dbarrier".
Result<> check_barrier_name(const std::string& kind, const std::string& name);

}  // namespace coord::commands
