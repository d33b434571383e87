#include "cmd/commands/cluster/auth.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/commands/shared/admin_words.hpp"
#include "cmd/commands/shared/records.hpp"
#include "coord/etcd/auth.hpp"
#include "coord/etcd/wire_admin.hpp"

namespace coord::commands {
namespace {

constexpr const char* kGroup = "Commands";
constexpr const char* kRoot = "root";

bool says(const Error& error, const char* text) {
  return error.message.find(text) != std::string::npos;
}

Result<> give_root_its_role(etcd::Auth& auth, cli::Env& env) {
  const auto added = auth.add_role(env.context(), kRoot);
  if (!added && !says(added.error(), "role name already exists"))
    return std::unexpected(added.error());
  COORD_TRY(auth.grant_role(env.context(), kRoot, kRoot));
  return {};
}

}  // namespace

void define_auth(CLI::App& root, cli::Registry& registry) {
  CLI::App& auth = cli::add_command(
      root, {"auth", "Cluster", "Switches authentication on or off: whether etcd asks for users.",
             "coord user add root && coord auth enable\ncoord auth status"});
  CLI::App& enable = cli::add_command(
      auth, {"enable", kGroup, "Switches authentication on; there must be a user root.",
             "coord auth enable\ncoord auth enable --command-timeout 10s"});
  registry.add(enable, {.run = run_auth_enable, .formats = out::kEveryFormat});
  CLI::App& disable = cli::add_command(auth, {"disable", kGroup, "Switches authentication off.",
                                              "coord --user root auth disable\ncoord --user root "
                                              "--password-file root.secret auth disable"});
  registry.add(disable, {.run = run_auth_disable, .formats = out::kEveryFormat});
  CLI::App& status = cli::add_command(
      auth, {"status", kGroup, "Says whether authentication is on (etcd 3.5 and newer).",
             "coord auth status\ncoord auth status -w json | jq .enabled"});
  registry.add(status, {.run = run_auth_status, .formats = out::kMessageFormats});
}

Result<int> run_auth_enable(cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  etcd::Auth auth(*client);
  auto done = auth.enable(env.context());
  if (!done && says(done.error(), "root user does not have root role")) {
    COORD_TRY(give_root_its_role(auth, env));
    done = auth.enable(env.context());
  }
  if (!done && says(done.error(), "root user does not exist"))
    done.error().hint = "coord user add root";
  if (!done) return std::unexpected(done.error());
  env.out().write("Authentication Enabled\n");  // in every format
  return 0;
}

Result<int> run_auth_disable(cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY(etcd::Auth(*client).disable(env.context()));
  env.out().write("Authentication Disabled\n");  // in every format
  return 0;
}

Result<int> run_auth_status(cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  COORD_TRY_INTO(const auto status, etcd::Auth(*client).status(env.context()));
  out::Record record;
  record.fields.push_back(header_field(status.header));
  record.add("enabled", "Enabled", status.enabled);
  record.add("authRevision", "AuthRevision", status.revision);
  record.line(fmt::format("Authentication Status: {}", status.enabled));
  record.line(fmt::format("AuthRevision: {}", status.revision));
  env.printer().message([&] { return etcd::wire(status); });
  env.print(record);
  return 0;
}

}  // namespace coord::commands
