#include "cmd/commands/cluster/downgrade.hpp"

#include <fmt/format.h>

#include "cmd/cli/define.hpp"
#include "cmd/commands/shared/about.hpp"
#include "cmd/commands/shared/records.hpp"
#include "coord/etcd/wire_admin.hpp"

namespace coord::commands {
namespace {

using etcd::DowngradeAction;

constexpr const char* kGroup = "Commands";

const char* name_of(DowngradeAction action) {
  switch (action) {
    case DowngradeAction::validate:
      return "validate";
    case DowngradeAction::enable:
      return "enable";
    case DowngradeAction::cancel:
      break;
  }
  return "cancel";
}

void define(CLI::App& downgrade, cli::Registry& registry, const cli::CommandText& text,
            DowngradeAction action) {
  const auto version = std::make_shared<std::string>();
  CLI::App& app = cli::add_command(downgrade, text);
  if (action != DowngradeAction::cancel)
    cli::operand(app, "VERSION", *version, "to go back to: one minor version below");
  registry.add(
      app,
      {.run = [action, version](cli::Env& env) { return run_downgrade(action, *version, env); },
       .formats = out::kMessageFormats});
}

}  // namespace

void define_downgrade(CLI::App& root, cli::Registry& registry) {
  CLI::App& downgrade = cli::add_command(
      root, {"downgrade", "Cluster", "Prepares the members for an older etcd (3.5 and newer).",
             "coord downgrade validate 3.5\ncoord downgrade enable 3.5"});
  define(downgrade, registry,
         {"validate", kGroup, "Says whether it could be done.",
          "coord downgrade validate 3.5\ncoord downgrade validate 3.5 -w json"},
         DowngradeAction::validate);
  define(downgrade, registry,
         {"enable", kGroup, "Begins it.",
          "coord downgrade enable 3.5\ncoord downgrade enable 3.5 -w json"},
         DowngradeAction::enable);
  define(downgrade, registry,
         {"cancel", kGroup, "Ends one that has begun.",
          "coord downgrade cancel\ncoord downgrade cancel -w json"},
         DowngradeAction::cancel);
}

Result<int> run_downgrade(DowngradeAction action, const std::string& version, cli::Env& env) {
  COORD_TRY_INTO(etcd::Client * client, env.client());
  const auto reply = etcd::Maintenance(*client).downgrade(env.context(), action, version);
  if (!reply) return std::unexpected(about("downgrade", name_of(action), reply.error()));
  out::Record record;
  record.fields.push_back(header_field(reply->header));
  record.add("version", "Version", out::Text{reply->version});
  record.line(
      fmt::format("Downgrade {} success, cluster version {}", name_of(action), reply->version));
  env.printer().message([&] { return etcd::wire(*reply); });
  env.print(record);
  return 0;
}

}  // namespace coord::commands
