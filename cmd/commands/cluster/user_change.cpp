// What changes users.
#include <fmt/format.h>

#include "cmd/commands/cluster/new_password.hpp"
#include "cmd/commands/cluster/role_records.hpp"
#include "cmd/commands/cluster/user.hpp"
#include "cmd/commands/shared/about.hpp"

namespace coord::commands {
namespace {

struct Login {
  std::string name;
  std::optional<std::string> password;
};

Result<Login> login_of(const UserAddOptions& options, cli::Env& env) {
  Login login{options.name, options.password};
  if (options.no_password && options.password)
    return fail(Code::usage, "--no-password and --new-user-password contradict each other");
  const auto colon = options.name.find(':');
  if (!options.no_password && !options.password && colon != std::string::npos)
    login = {options.name.substr(0, colon), options.name.substr(colon + 1)};
  if (login.name.empty()) return fail(Code::usage, "the user's name is empty");
  if (login.password || options.no_password) return login;
  COORD_TRY_INTO(login.password, new_password(env, login.name, options.interactive));
  return login;
}

}  // namespace

Result<int> run_user_add(const UserAddOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const Login login, login_of(options, env));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto done = etcd::Auth(*client).add_user(env.context(), login.name, login.password);
  if (!done) return std::unexpected(about("user add", login.name, done.error()));
  print_done(env, *done, fmt::format("User {} created", login.name));
  return 0;
}

Result<int> run_user_passwd(const UserPasswdOptions& options, cli::Env& env) {
  COORD_TRY_INTO(const auto password, new_password(env, options.name, options.interactive));
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto done = etcd::Auth(*client).change_password(env.context(), options.name, password);
  if (!done) return std::unexpected(about("user passwd", options.name, done.error()));
  print_done(env, *done, "Password updated");
  return 0;
}

Result<int> run_user_delete(const UserOptions& options, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto done = etcd::Auth(*client).delete_user(env.context(), options.name);
  if (!done) return std::unexpected(about("user delete", options.name, done.error()));
  print_done(env, *done, fmt::format("User {} deleted", options.name));
  return 0;
}

Result<int> run_user_grant_role(const UserOptions& options, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto done = etcd::Auth(*client).grant_role(env.context(), options.name, options.role);
  if (!done) return std::unexpected(about("user grant-role", options.name, done.error()));
  print_done(env, *done, fmt::format("Role {} is granted to user {}", options.role, options.name));
  return 0;
}

Result<int> run_user_revoke_role(const UserOptions& options, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto done = etcd::Auth(*client).revoke_role(env.context(), options.name, options.role);
  if (!done) return std::unexpected(about("user revoke-role", options.name, done.error()));
  print_done(env, *done,
             fmt::format("Role {} is revoked from user {}", options.role, options.name));
  return 0;
}

}  // namespace coord::commands
