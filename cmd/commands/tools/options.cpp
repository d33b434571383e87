#include "cmd/commands/tools/options.hpp"

#include "cmd/cli/define.hpp"
#include "cmd/cli/help.hpp"

namespace coord::commands {

void define_options(CLI::App& root, cli::Registry& registry) {
  CLI::App& app =
      cli::add_command(root, {"options", "Tools", "Lists the options that every command has.",
                              "coord options\ncoord options | grep tls"});
  registry.add(app, {.run = [&root](cli::Env& env) -> Result<int> {
                       env.out().write(cli::global_options_text(root));
                       return 0;
                     },
                     .mends_settings = true});
}

}  // namespace coord::commands
