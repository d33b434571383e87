#include "cmd/commands/process_age.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace coord::commands {
namespace {

constexpr int kStartField = 20;  // of /proc/PID/stat, counted behind the program's name

// Since the machine was started, in ticks of the kernel.
std::optional<std::int64_t> start_ticks() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  std::string field;
  for (int i = 0; i < kStartField && fields >> field; ++i) continue;
  return fields ? std::optional<std::int64_t>(std::atoll(field.c_str())) : std::nullopt;
}

}  // namespace

Duration process_age() {
  const auto ticks = start_ticks();
  const long per_second = ::sysconf(_SC_CLK_TCK);
  if (!ticks || per_second <= 0) return Duration{0};
  const auto start = std::chrono::milliseconds{*ticks * 1000 / per_second};
  const Duration now = BootClock::now().time_since_epoch();
  return now > start ? now - start : Duration{0};
}

}  // namespace coord::commands
