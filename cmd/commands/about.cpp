#include "cmd/commands/about.hpp"

namespace coord::commands {

Error about(const std::string& request, const std::string& object, Error error) {
  const std::string opening = request + ": ";
  if (error.message.starts_with(opening)) error.message.erase(0, opening.size());
  return in_context(request + ' ' + object, std::move(error));
}

}  // namespace coord::commands
