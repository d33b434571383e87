#include "cmd/commands/completion.hpp"

#include <memory>

#include "cmd/cli/define.hpp"
#include "cmd/commands/completion_stubs.hpp"
#include "coord/base/bytes.hpp"

namespace coord::commands {

void define_completion(CLI::App& root, cli::Registry& registry) {
  const auto shell = std::make_shared<std::string>();
  CLI::App& app = cli::add_command(
      root, {"completion", "Tools", "Prints what makes a shell complete coord's words at TAB.",
             "coord completion bash >~/.local/share/bash-completion/completions/coord\n"
             "coord completion zsh >/usr/local/share/zsh/site-functions/_coord\n"
             "coord completion fish | source"});
  cli::operand(app, "SHELL", *shell, "bash, zsh or fish");
  registry.add(app, {.run = [shell](cli::Env& env) { return run_completion(*shell, env); },
                     .mends_settings = true});
}

Result<int> run_completion(const std::string& shell, cli::Env& env) {
  for (const CompletionStub& stub : kCompletionStubs) {
    if (stub.shell != shell) continue;
    env.out().write(stub.text);
    return 0;
  }
  return fail(Code::usage, "completion: there is none for " + in_quotes(shell),
              "bash, zsh or fish");
}

}  // namespace coord::commands
