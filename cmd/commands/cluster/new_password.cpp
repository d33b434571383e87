#include "cmd/commands/cluster/new_password.hpp"

#include <unistd.h>

#include "cmd/cli/terminal.hpp"

namespace coord::commands {
namespace {

std::string first_line(int fd) {
  std::string line;
  char c = 0;
  while (::read(fd, &c, 1) == 1 && c != '\n') line += c;
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

Result<std::string> ask_twice(const std::string& user) {
  auto password = cli::ask_secret("Password of " + user + ": ");
  if (!password) {
    if (password.error().code == Code::usage)
      password.error().hint = "--interactive=false reads it from stdin";
    return password;
  }
  COORD_TRY_INTO(const std::string again,
                 cli::ask_secret("Type password of " + user + " again for confirmation: "));
  if (again != *password) return fail(Code::usage, "the two passwords are different");
  return password;
}

}  // namespace

Result<std::string> new_password(cli::Env& env, const std::string& user, bool interactive) {
  auto password = interactive ? ask_twice(user) : Result<std::string>(first_line(env.streams().in));
  if (password && password->empty()) return fail(Code::usage, "the password is empty");
  return password;
}

}  // namespace coord::commands
