// bench ROW ENDPOINTS SECONDS WORKERS NAME: prints what one row of the benchmark did per second,
// with coord's library. tests/bench/run calls it side by side with the Go packages.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>

#include "bench.hpp"

namespace {

using coord::bench::Scale;

const std::map<std::string, double (*)(const Scale&)> kRows{
    {"lock-cycle", coord::bench::lock_cycle},
    {"lock-hand-over", coord::bench::lock_hand_over},
    {"elect-hand-over", coord::bench::elect_hand_over},
    {"queue-put", coord::bench::queue_put},
    {"queue-drain", coord::bench::queue_drain},
    {"watch-events", coord::bench::watch_events},
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) parts.push_back(part);
  return parts;
}

}  // namespace

int main(int argc, char** argv) {
  const auto row = argc == 6 ? kRows.find(argv[1]) : kRows.end();
  if (row == kRows.end()) {
    std::fprintf(stderr, "usage: bench ROW ENDPOINTS SECONDS WORKERS NAME; rows:");
    for (const auto& [name, run] : kRows) std::fprintf(stderr, " %s", name.c_str());
    std::fprintf(stderr, "\n");
    return 64;
  }
  const Scale scale{.endpoints = split(argv[2]),
                    .span = std::chrono::milliseconds(
                        static_cast<std::int64_t>(std::strtod(argv[3], nullptr) * 1000)),
                    .workers = std::strtoul(argv[4], nullptr, 10),
                    .name = argv[5]};
  std::printf("%.1f\n", row->second(scale));
  std::fflush(stdout);
  std::_Exit(0);  // gRPC need not be shut down
}
