// coord role add, delete, get, list, grant-permission, revoke-permission.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct RoleOptions {
  std::string name;
};

struct RolePermissionOptions {
  std::string role;
  std::string type;  // of grant-permission: read, write or readwrite
  std::string key;
  std::optional<std::string> range_end;
  bool prefix = false;
  bool from_key = false;
};

void define_role(CLI::App& root, cli::Registry& registry);

Result<int> run_role_add(const RoleOptions& options, cli::Env& env);
Result<int> run_role_delete(const RoleOptions& options, cli::Env& env);
Result<int> run_role_get(const RoleOptions& options, cli::Env& env);
Result<int> run_role_list(const RoleOptions& options, cli::Env& env);
Result<int> run_role_grant_permission(const RolePermissionOptions& options, cli::Env& env);
Result<int> run_role_revoke_permission(const RolePermissionOptions& options, cli::Env& env);

}  // namespace coord::commands
