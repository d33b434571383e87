#include "cmd/commands/shared/names.hpp"

namespace coord::commands {

Result<> check_name(const std::string& what, const std::string& name) {
  if (!name.empty()) return {};
  return fail(Code::usage, what + "'s name is empty", "is a variable of your script not set?");
}

}  // namespace coord::commands
