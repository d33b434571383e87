// coord user add, delete, get, list, passwd, grant-role, revoke-role.
#pragma once

#include <optional>
#include <string>

#include "cmd/cli/env.hpp"
#include "cmd/cli/registry.hpp"

namespace coord::commands {

struct UserAddOptions {
  std::string name;  // or NAME:PASSWORD
  std::optional<std::string> password;
  bool interactive = true;
  bool no_password = false;
};

struct UserPasswdOptions {
  std::string name;
  bool interactive = true;
};

struct UserOptions {
  std::string name;
  std::string role;     // of grant-role and revoke-role
  bool detail = false;  // of get
};

void define_user(CLI::App& root, cli::Registry& registry);

Result<int> run_user_add(const UserAddOptions& options, cli::Env& env);
Result<int> run_user_passwd(const UserPasswdOptions& options, cli::Env& env);
Result<int> run_user_delete(const UserOptions& options, cli::Env& env);
Result<int> run_user_get(const UserOptions& options, cli::Env& env);
Result<int> run_user_list(const UserOptions& options, cli::Env& env);
Result<int> run_user_grant_role(const UserOptions& options, cli::Env& env);
Result<int> run_user_revoke_role(const UserOptions& options, cli::Env& env);

}  // namespace coord::commands
