#include "cmd/cli/help.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cmd/cli/define.hpp"
#include "cmd/cli/suggest.hpp"
#include "cmd/cli/tree.hpp"
#include "cmd/commands/help.hpp"

namespace coord::commands {

void define_help(CLI::App& root, cli::Registry& registry) {
  const auto path = std::make_shared<std::vector<std::string>>();
  CLI::App& app =
      cli::add_command(root, {"help", "Tools", "Says what coord, or one of its commands, does.",
                              "coord help\ncoord help lease grant"});
  cli::operands(app, "COMMAND", *path, "the command", false);
  registry.add(app, {.run = [&root, path](cli::Env& env) { return run_help(root, *path, env); }});
}

Result<int> run_help(const CLI::App& root, const std::vector<std::string>& path, cli::Env& env) {
  const CLI::App* app = &root;
  for (const std::string& name : path) {
    const CLI::App* sub = cli::find_command(*app, name);
    if (sub == nullptr) {
      const auto guess = cli::nearest(name, cli::command_names(*app));
      return fail(
          Code::usage, fmt::format("help: unknown command '{}'", name),
          guess ? fmt::format("did you mean '{}'?", *guess) : "'coord help' lists the commands");
    }
    app = sub;
  }
  env.out().write(cli::help_text(*app));
  return 0;
}

}  // namespace coord::commands
