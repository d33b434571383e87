// What an error of a request says to the user.
#pragma once

#include <string>

#include "coord/base/result.hpp"

namespace coord::commands {

// "get 'foo': WHY". The floor below names the request in front of WHY, but not what it was about.
Error about(const std::string& request, const std::string& object, Error error);
// The same for a command that asked for something else than it is called: ASKED is in front of WHY.
Error about(const std::string& command, const std::string& object, Error error,
            const std::string& asked);

}  // namespace coord::commands
