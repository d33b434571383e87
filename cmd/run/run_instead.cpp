#include "cmd/run/run_instead.hpp"

#include <unistd.h>

#include <cerrno>

#include "cmd/run/event_command.hpp"
#include "cmd/run/surroundings.hpp"
#include "coord/proc/program.hpp"
#include "coord/proc/signals.hpp"

namespace coord::run {
namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> result;
  for (std::string& word : words) result.push_back(word.data());
  result.push_back(nullptr);
  return result;
}

}  // namespace

Error run_instead(cli::Env& env, const Event& event) {
  const auto environment = environment_for(env, event);
  if (!environment) return environment.error();
  std::vector<std::string> variables = environment->list();
  std::vector<std::string> words = *env.child();
  const auto paths = proc::program_paths(words.front(), variables);
  const auto signals = proc::Signals::take();
  if (!signals) return signals.error();
  const std::vector<char*> argv = pointers(words);
  const std::vector<char*> envp = pointers(variables);
  signals->original().restore();
  int number = ENOENT;
  for (const std::string& path : paths) {
    (void)execve(path.c_str(), argv.data(), envp.data());
    if (number == ENOENT || errno != ENOENT) number = errno;
    if (!proc::is_worth_another_path(errno)) break;
  }
  return start_failure(
      {proc::exec_error(env.child()->front(), paths, number), proc::exec_exit_status(number)});
}

}  // namespace coord::run
