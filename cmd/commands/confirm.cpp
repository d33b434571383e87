#include "cmd/commands/confirm.hpp"

#include "cmd/cli/terminal.hpp"
#include "coord/proc/terminal.hpp"

namespace coord::commands {

bool has_person(const cli::Env& env) {
  return proc::is_terminal(env.streams().in) && proc::is_terminal(env.streams().err);
}

Result<bool> confirm(cli::Env& env, const std::string& question) {
  if (!has_person(env)) return true;
  const auto answer = cli::ask_line(question + " [y/N] ");
  if (!answer) return std::unexpected(answer.error());
  return *answer == "y" || *answer == "Y" || *answer == "yes";
}

}  // namespace coord::commands
