// coord get: prints keys and their values.
#pragma once

#include <cstdint>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"
#include "cmd/commands/shared/key_range.hpp"

namespace coord::commands {

struct GetOptions {
  KeyWords keys;
  std::string consistency = "l";
  std::string order;
  std::string sort_by;
  std::int64_t limit = 0;
  std::int64_t revision = 0;
  bool keys_only = false;
  bool count_only = false;
  bool print_value_only = false;
  bool must_exist = false;
  bool tree = false;
  std::int64_t min_mod_revision = 0;
  std::int64_t max_mod_revision = 0;
  std::int64_t min_create_revision = 0;
  std::int64_t max_create_revision = 0;
};

CLI::App& add_get(CLI::App& root, GetOptions& options);  // its words alone
void define_get(CLI::App& root, cli::Registry& registry);

// 0, also when there is no such key; Code::not_found then under --must-exist.
Result<int> run_get(const GetOptions& options, cli::Env& env);

}  // namespace coord::commands
