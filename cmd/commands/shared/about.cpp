#include "cmd/commands/shared/about.hpp"

namespace coord::commands {

Error about(const std::string& request, const std::string& object, Error error) {
  return about(request, object, std::move(error), request);
}

Error about(const std::string& command, const std::string& object, Error error,
            const std::string& asked) {
  const std::string opening = asked + ": ";
  if (error.message.starts_with(opening)) error.message.erase(0, opening.size());
  return in_context(command + ' ' + object, std::move(error));
}

}  // namespace coord::commands
