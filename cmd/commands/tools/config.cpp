#include "cmd/commands/tools/config.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "cmd/cli/define.hpp"

namespace coord::commands {
namespace {

constexpr const char* kGroup = "Commands";

void add(cli::Registry& registry, const CLI::App& app,
         const std::function<Result<int>(cli::Env&)>& run) {
  registry.add(app, {.run = run, .mends_settings = true});
}

void define_looking(CLI::App& config, cli::Registry& registry) {
  const auto options = std::make_shared<ConfigViewOptions>();
  CLI::App& view = cli::add_command(config, {"view", kGroup, "Prints the settings that count now.",
                                             "coord config view\n"
                                             "coord config view --origin\n"
                                             "coord --context prod config view --origin --json"});
  cli::flag(view, "--origin", options->origin, "say where each comes from, defaults too");
  add(registry, view, [options](cli::Env& env) { return run_config_view(*options, env); });
  add(registry,
      cli::add_command(config, {"get-contexts", kGroup,
                                "Lists the contexts that there are; * marks the one in use.",
                                "coord config get-contexts\ncoord config get-contexts --json"}),
      run_config_get_contexts);
  add(registry,
      cli::add_command(config,
                       {"current-context", kGroup,
                        "Prints the context in use; exit status 1 where there is none.",
                        "coord config current-context\ncoord config current-context || echo none"}),
      run_config_current_context);
}

void define_changing(CLI::App& config, cli::Registry& registry) {
  const auto name = std::make_shared<std::string>();
  CLI::App& use = cli::add_command(
      config, {"use-context", kGroup, "Makes a context the one to use where none is named.",
               "coord config use-context prod\ncoord config use-context none"});
  cli::operand(use, "CONTEXT", *name, "one of 'coord config get-contexts', or none");
  add(registry, use, [name](cli::Env& env) { return run_config_use_context(*name, env); });

  const auto options = std::make_shared<ConfigSetOptions>();
  CLI::App& set = cli::add_command(
      config, {"set", kGroup,
               "Puts a setting into the context in use, or that of --context, which may be new.",
               "coord --context prod config set endpoints https://etcd-1:2379,https://etcd-2:2379\n"
               "coord --context prod config set cacert /etc/coord/ca.pem\n"
               "coord config set password"});
  cli::operand(set, "SETTING", options->setting, "name of a global option: endpoints, cacert, …");
  cli::operand(set, "VALUE", options->value, "its value; a password is asked for",
               cli::Shown::plain);
  add(registry, set, [options](cli::Env& env) { return run_config_set(*options, env); });

  const auto setting = std::make_shared<std::string>();
  CLI::App& unset = cli::add_command(
      config, {"unset", kGroup, "Takes a setting out of the context in use, or that of --context.",
               "coord --context prod config unset namespace\ncoord config unset password"});
  cli::operand(unset, "SETTING", *setting, "name of a global option");
  add(registry, unset, [setting](cli::Env& env) { return run_config_unset(*setting, env); });
}

}  // namespace

void define_config(CLI::App& root, cli::Registry& registry) {
  CLI::App& config = cli::add_command(
      root, {"config", "Tools", "Shows and changes contexts: named settings in a file.",
             "coord --context prod config set endpoints https://etcd-1:2379\n"
             "coord config use-context prod\n"
             "coord config view --origin"});
  define_looking(config, registry);
  define_changing(config, registry);
}

}  // namespace coord::commands
