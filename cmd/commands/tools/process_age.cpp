#include "cmd/commands/tools/process_age.hpp"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "coord/proc/process.hpp"

namespace coord::commands {

Duration process_age() {
  std::ifstream file("/proc/self/stat");  // by number it may be another one, of an outer namespace
  const auto self = proc::parse_stat(std::string(std::istreambuf_iterator<char>(file), {}));
  const long per_second = ::sysconf(_SC_CLK_TCK);
  if (!self || per_second <= 0) return Duration{0};
  const auto ticks = static_cast<std::int64_t>(self->start);
  const auto start = std::chrono::milliseconds{ticks * 1000 / per_second};
  const Duration now = BootClock::now().time_since_epoch();
  return now > start ? now - start : Duration{0};
}

}  // namespace coord::commands
