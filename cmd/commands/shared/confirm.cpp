#include "cmd/commands/shared/confirm.hpp"

#include "cmd/cli/terminal.hpp"
#include "coord/proc/terminal.hpp"

namespace coord::commands {
namespace {

Result<bool> ask(const std::string& question) {
  const auto answer = cli::ask_line(question + " [y/N] ");
  if (!answer) return std::unexpected(answer.error());
  return *answer == "y" || *answer == "Y" || *answer == "yes";
}

}  // namespace

bool has_person(const cli::Env& env) {
  return proc::is_terminal(env.streams().in) && proc::is_terminal(env.streams().err);
}

Result<bool> confirm(cli::Env& env, const std::string& question) {
  if (!has_person(env)) return true;
  return ask(question);
}

Result<bool> confirm_or_refuse(const std::string& doing, const std::string& question) {
  const auto answer = ask(question);
  if (answer) return answer;
  return fail(Code::usage, doing + " wants a yes, and there is no terminal to ask on",
              "give --yes");
}

}  // namespace coord::commands
