#include "coord/base/os_reason.hpp"

#include <system_error>

namespace coord {

std::string os_reason(int number) { return std::generic_category().message(number); }

}  // namespace coord
