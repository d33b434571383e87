// What shows users.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cmd/commands/cluster/role_records.hpp"
#include "cmd/commands/cluster/user.hpp"
#include "cmd/commands/shared/about.hpp"
#include "coord/etcd/wire_admin.hpp"

namespace coord::commands {

Result<int> run_user_get(const UserOptions& options, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  etcd::Auth auth(*client);
  const auto roles = auth.roles_of(env.context(), options.name);
  if (!roles) return std::unexpected(about("user get", options.name, roles.error()));
  if (!options.detail) {
    out::Record record = names_record(*roles, "roles", "Roles");
    record.line("User: " + options.name);
    record.line(
        fmt::format("Roles:{}{}", roles->names.empty() ? "" : " ", fmt::join(roles->names, " ")));
    env.printer().message([&] { return etcd::wire(*roles); });
    env.print(record);
    return 0;
  }
  env.printer().line({"User: " + options.name});
  for (const std::string& name : roles->names) {
    const auto role = auth.role(env.context(), name);
    if (!role) return std::unexpected(about("role get", name, role.error()));
    env.printer().line({""});
    env.printer().message([&] { return etcd::wire(*role); });
    env.print(role_record(name, *role));
  }
  return 0;
}

Result<int> run_user_list(const UserOptions& /*options*/, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(const auto users, etcd::Auth(*client).users(env.context()));
  out::Record record = names_record(users, "users", "Users");
  for (const std::string& name : users.names) record.line(name);
  env.printer().message([&] { return etcd::wire(users); });
  env.print(record);
  return 0;
}

}  // namespace coord::commands
