// os_reason(): why the operating system refused, in its own words.
#pragma once

#include <string>

namespace coord {

// Of an errno: "Permission denied". Thread-safe.
std::string os_reason(int number);

}  // namespace coord
