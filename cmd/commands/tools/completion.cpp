#include "cmd/commands/tools/completion.hpp"

#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/cli/suggest.hpp"
#include "cmd/commands/tools/completion_stubs.hpp"

namespace coord::commands {
namespace {

// A stub that asks for words alone. For bash descriptions stand in lists only.
std::string bare(std::string text) {
  using Change = std::pair<std::string_view, std::string_view>;
  for (const auto& [from, to] : {Change{"__complete zsh ", "__complete zsh-bare "},
                                 Change{"__complete fish ", "__complete fish-bare "},
                                 Change{"shell=bash-list", "shell=bash"}}) {
    if (const auto at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
  }
  return text;
}

}  // namespace

void define_completion(CLI::App& root, cli::Registry& registry) {
  const auto options = std::make_shared<CompletionOptions>();
  CLI::App& app = cli::add_command(
      root, {"completion", "Tools", "Prints what makes a shell complete coord's words at TAB.",
             "coord completion bash >~/.local/share/bash-completion/completions/coord\n"
             "coord completion zsh >/usr/local/share/zsh/site-functions/_coord\n"
             "coord completion fish | source"});
  cli::operand(app, "SHELL", options->shell, "bash, zsh or fish");
  cli::flag(app, "--no-descriptions", options->no_descriptions, "offer the words alone");
  registry.add(app, {.run = [options](cli::Env& env) { return run_completion(*options, env); },
                     .mends_settings = true});
}

Result<int> run_completion(const CompletionOptions& options, cli::Env& env) {
  for (const CompletionStub& stub : kCompletionStubs) {
    if (stub.shell != options.shell) continue;
    env.out().write(options.no_descriptions ? bare(std::string(stub.text)) : stub.text);
    return 0;
  }
  return cli::none_of("SHELL", options.shell, {"bash", "zsh", "fish"});
}

}  // namespace coord::commands
