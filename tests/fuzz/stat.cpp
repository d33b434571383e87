// /proc/PID/stat, with a process name that wants to be something else.
#include "coord/proc/process.hpp"
#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)coord::proc::parse_stat(text_of(data, size));
  return 0;
}
