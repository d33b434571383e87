#include "cmd/commands/cluster/role.hpp"

#include "cmd/cli/define.hpp"

namespace coord::commands {
namespace {

constexpr const char* kGroup = "Commands";

using Run = Result<int> (*)(const RoleOptions&, cli::Env&);
using RunPermission = Result<int> (*)(const RolePermissionOptions&, cli::Env&);

CLI::App& define(CLI::App& role, cli::Registry& registry, const cli::CommandText& text, Run run,
                 const std::shared_ptr<RoleOptions>& options) {
  CLI::App& app = cli::add_command(role, text);
  registry.add(app, {.run = [options, run](cli::Env& env) { return run(*options, env); },
                     .formats = out::kMessageFormats});
  return app;
}

void define_permission(CLI::App& role, cli::Registry& registry, const cli::CommandText& text,
                       RunPermission run, bool typed) {
  const auto options = std::make_shared<RolePermissionOptions>();
  CLI::App& app = cli::add_command(role, text);
  cli::operand(app, "ROLE", options->role, "whose permission");
  if (typed) cli::operand(app, "TYPE", options->type, "read, write or readwrite");
  cli::operand(app, "KEY", options->key, "the key, or where the range begins");
  cli::operand(app, "RANGE_END", options->range_end,
               "where the range ends: the first key that is not in it");
  cli::flag(app, "--prefix", options->prefix, "every key that begins with KEY");
  cli::flag(app, "--from-key", options->from_key, "KEY and every key behind it");
  registry.add(app, {.run = [options, run](cli::Env& env) { return run(*options, env); },
                     .formats = out::kMessageFormats});
}

}  // namespace

void define_role(CLI::App& root, cli::Registry& registry) {
  CLI::App& role = cli::add_command(
      root,
      {"role", "Cluster", "Adds, changes and deletes roles: which keys users may read and write.",
       "coord role add deploy\n"
       "coord role grant-permission deploy readwrite --prefix /deploy/"});
  const auto options = std::make_shared<RoleOptions>();
  CLI::App& add = define(
      role, registry, {"add", kGroup, "Adds a role.", "coord role add deploy\ncoord role add root"},
      run_role_add, options);
  CLI::App& remove = define(role, registry,
                            {"delete", kGroup, "Deletes a role.",
                             "coord role delete deploy\ncoord role delete deploy -w json"},
                            run_role_delete, options);
  CLI::App& get = define(role, registry,
                         {"get", kGroup, "Shows what a role permits.",
                          "coord role get deploy\ncoord role get deploy -w json"},
                         run_role_get, options);
  for (CLI::App* app : {&add, &remove, &get}) cli::operand(*app, "ROLE", options->name, "which");
  define(role, registry,
         {"list", kGroup, "Lists the roles.",
          "coord role list\ncoord role list -w json | jq -r '.roles[]'"},
         run_role_list, options);
  define_permission(role, registry,
                    {"grant-permission", kGroup, "Lets a role read or write keys.",
                     "coord role grant-permission deploy readwrite --prefix /deploy/\n"
                     "coord role grant-permission audit read /audit/a /audit/m"},
                    run_role_grant_permission, true);
  define_permission(role, registry,
                    {"revoke-permission", kGroup, "Takes a permission back, as it was granted.",
                     "coord role revoke-permission deploy --prefix /deploy/\ncoord role "
                     "revoke-permission deploy /deploy/config"},
                    run_role_revoke_permission, false);
}

}  // namespace coord::commands
