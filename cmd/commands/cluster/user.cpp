#include "cmd/commands/cluster/user.hpp"

#include "cmd/cli/define.hpp"

namespace coord::commands {
namespace {

constexpr const char* kGroup = "Commands";
constexpr const char* kInteractiveHelp = "=false: read the password from stdin";

void define_add(CLI::App& user, cli::Registry& registry) {
  const auto options = std::make_shared<UserAddOptions>();
  CLI::App& app = cli::add_command(user, {"add", kGroup, "Adds a user.",
                                          "coord user add alice\n"
                                          "coord user add alice --interactive=false <password\n"
                                          "coord user add ci --no-password"});
  cli::operand(app, "USER", options->name, "NAME, or NAME:PASSWORD, which others can see in ps");
  cli::flag(app, "--interactive", options->interactive, kInteractiveHelp);
  cli::text(app, "--new-user-password", options->password, "PASSWORD",
            "the password, which others can see in ps");
  cli::flag(app, "--no-password", options->no_password,
            "can only log in by the common name of a client certificate");
  registry.add(app, {.run = [options](cli::Env& env) { return run_user_add(*options, env); },
                     .formats = out::kMessageFormats});
}

void define_passwd(CLI::App& user, cli::Registry& registry) {
  const auto options = std::make_shared<UserPasswdOptions>();
  CLI::App& app = cli::add_command(user, {"passwd", kGroup, "Changes the password of a user.",
                                          "coord user passwd alice\n"
                                          "coord user passwd alice --interactive=false <password"});
  cli::operand(app, "USER", options->name, "whose password");
  cli::flag(app, "--interactive", options->interactive, kInteractiveHelp);
  registry.add(app, {.run = [options](cli::Env& env) { return run_user_passwd(*options, env); },
                     .formats = out::kMessageFormats});
}

using Run = Result<int> (*)(const UserOptions&, cli::Env&);

CLI::App& define(CLI::App& user, cli::Registry& registry, const cli::CommandText& text, Run run,
                 const std::shared_ptr<UserOptions>& options) {
  CLI::App& app = cli::add_command(user, text);
  registry.add(app, {.run = [options, run](cli::Env& env) { return run(*options, env); },
                     .formats = out::kMessageFormats});
  return app;
}

}  // namespace

void define_user(CLI::App& root, cli::Registry& registry) {
  CLI::App& user =
      cli::add_command(root, {"user", "Cluster", "Adds, changes and deletes users: who may log in.",
                              "coord user add alice\ncoord user list"});
  const auto options = std::make_shared<UserOptions>();
  define_add(user, registry);
  CLI::App& remove = define(user, registry,
                            {"delete", kGroup, "Deletes a user.",
                             "coord user delete alice\ncoord user delete alice -w json"},
                            run_user_delete, options);
  cli::operand(remove, "USER", options->name, "who");
  CLI::App& get = define(user, registry,
                         {"get", kGroup, "Shows the roles of a user.",
                          "coord user get alice\ncoord user get alice --detail"},
                         run_user_get, options);
  cli::operand(get, "USER", options->name, "who");
  cli::flag(get, "--detail", options->detail, "also what each role permits");
  define(user, registry,
         {"list", kGroup, "Lists the users.",
          "coord user list\ncoord user list -w json | jq -r '.users[]'"},
         run_user_list, options);
  define_passwd(user, registry);
  CLI::App& grant = define(user, registry,
                           {"grant-role", kGroup, "Gives a role to a user.",
                            "coord user grant-role alice deploy\ncoord user grant-role root root"},
                           run_user_grant_role, options);
  CLI::App& revoke =
      define(user, registry,
             {"revoke-role", kGroup, "Takes a role from a user.",
              "coord user revoke-role alice deploy\ncoord user revoke-role alice deploy -w json"},
             run_user_revoke_role, options);
  for (CLI::App* app : {&grant, &revoke}) {
    cli::operand(*app, "USER", options->name, "who");
    cli::operand(*app, "ROLE", options->role, "which");
  }
}

}  // namespace coord::commands
