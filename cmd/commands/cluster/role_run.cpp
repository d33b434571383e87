#include <fmt/format.h>

#include "cmd/commands/cluster/role.hpp"
#include "cmd/commands/cluster/role_records.hpp"
#include "cmd/commands/shared/about.hpp"
#include "coord/etcd/wire_admin.hpp"

namespace coord::commands {

Result<int> run_role_add(const RoleOptions& options, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto done = etcd::Auth(*client).add_role(env.context(), options.name);
  if (!done) return std::unexpected(about("role add", options.name, done.error()));
  print_done(env, *done, fmt::format("Role {} created", options.name));
  return 0;
}

Result<int> run_role_delete(const RoleOptions& options, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto done = etcd::Auth(*client).delete_role(env.context(), options.name);
  if (!done) return std::unexpected(about("role delete", options.name, done.error()));
  print_done(env, *done, fmt::format("Role {} deleted", options.name));
  return 0;
}

Result<int> run_role_get(const RoleOptions& options, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto role = etcd::Auth(*client).role(env.context(), options.name);
  if (!role) return std::unexpected(about("role get", options.name, role.error()));
  env.printer().message([&] { return etcd::wire(*role); });
  env.print(role_record(options.name, *role));
  return 0;
}

Result<int> run_role_list(const RoleOptions& /*options*/, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(const auto roles, etcd::Auth(*client).roles(env.context()));
  out::Record record = names_record(roles, "roles", "Roles");
  for (const std::string& name : roles.names) record.line(name);
  env.printer().message([&] { return etcd::wire(roles); });
  env.print(record);
  return 0;
}

}  // namespace coord::commands
