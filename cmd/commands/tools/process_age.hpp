// How long this process has existed, the time before main() with it.
#pragma once

#include "coord/base/clock.hpp"

namespace coord::commands {

// As the kernel counts, in hundredths of a second. 0 where it does not say.
Duration process_age();

}  // namespace coord::commands
