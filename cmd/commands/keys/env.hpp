// coord env: a command with the keys under a prefix as its environment.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/run/busy_policy.hpp"

namespace coord::commands {

struct EnvOptions {
  std::string prefix;
  bool upper = false;
  bool pristine = false;
  bool allow_empty = false;
  bool once = false;
  bool print = false;
  std::optional<std::string> on_change;
  std::optional<Duration> grace;
  std::optional<Duration> debounce;
};

void define_env(CLI::App& root, cli::Registry& registry);

// restart, ignore, signal, signal=NAME; 500 ms of quiet. Code::usage.
Result<run::BusyOptions> change_options(const EnvOptions& options);

// CMD's status. Before CMD was started: Code::unavailable, denied, not_found (no keys), bad_data
// (env_variables.hpp); later on these are told, and CMD goes on with what it has.
Result<int> run_env(const EnvOptions& options, cli::Env& env);

}  // namespace coord::commands
