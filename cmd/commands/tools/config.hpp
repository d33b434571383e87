// coord config: the contexts of the config files, and where each setting comes from.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct ConfigViewOptions {
  bool origin = false;
};

struct ConfigSetOptions {
  std::string setting;
  std::optional<std::string> value;  // none: ask for it, so that it stands in no command line
};

void define_config(CLI::App& root, cli::Registry& registry);
Result<int> run_config_view(const ConfigViewOptions& options, cli::Env& env);
Result<int> run_config_get_contexts(cli::Env& env);
Result<int> run_config_current_context(cli::Env& env);
Result<int> run_config_use_context(const std::string& name, cli::Env& env);
Result<int> run_config_set(const ConfigSetOptions& options, cli::Env& env);
Result<int> run_config_unset(const std::string& setting, cli::Env& env);

}  // namespace coord::commands
