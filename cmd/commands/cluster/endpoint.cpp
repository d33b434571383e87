#include "cmd/commands/cluster/endpoint.hpp"

#include "cmd/cli/define.hpp"

namespace coord::commands {
namespace {

constexpr const char* kGroup = "Commands";
constexpr const char* kClusterHelp = "ask every member, not only the endpoints that are given";

using Run = Result<int> (*)(const EndpointOptions&, cli::Env&);

CLI::App& define(CLI::App& endpoint, cli::Registry& registry,
                 const std::shared_ptr<EndpointOptions>& options, const cli::CommandText& text,
                 Run run) {
  CLI::App& app = cli::add_command(endpoint, text);
  cli::flag(app, "--cluster", options->cluster, kClusterHelp);
  registry.add(app, {.run = [options, run](cli::Env& env) { return run(*options, env); },
                     .formats = out::kRowFormats});
  return app;
}

}  // namespace

void define_endpoint(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<EndpointOptions>();
  CLI::App& endpoint = cli::add_command(
      root, {"endpoint", "Cluster",
             "Says how members are: whether they can commit, what they have stored.",
             "coord endpoint health --cluster\n"
             "coord endpoint status"});
  cli::flag(endpoint, "--cluster", options->cluster, kClusterHelp);
  define(endpoint, registry, options,
         {"health", kGroup, "Says whether members can commit, and how fast.",
          "coord endpoint health\ncoord endpoint health --cluster --json"},
         run_endpoint_health);
  define(endpoint, registry, options,
         {"status", kGroup, "Shows version, database size, leader and progress of members.",
          "coord endpoint status --cluster\n"
          "coord endpoint status --json | jq '.[].Status.dbSize'"},
         run_endpoint_status);
  CLI::App& hashkv = define(endpoint, registry, options,
                            {"hashkv", kGroup, "Shows the hash of what members have stored.",
                             "coord endpoint hashkv --cluster\n"
                             "coord endpoint hashkv --cluster --rev 1234"},
                            run_endpoint_hashkv);
  cli::number(hashkv, "--rev", options->revision, "up to this revision; 0: the present one");
}

}  // namespace coord::commands
