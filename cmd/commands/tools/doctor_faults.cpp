// Faults of etcd's releases that concern locks, sessions and watches, as its changelogs tell.
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

#include "cmd/commands/tools/doctor_findings.hpp"

namespace coord::commands {
namespace {

using Version = std::array<int, 3>;

std::optional<Version> parse(std::string_view text) {
  Version version{};
  for (std::size_t i = 0; i < version.size(); ++i) {
    const auto [rest, error] =
        std::from_chars(text.data(), text.data() + text.size(), version.at(i));
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    if (i + 1 < version.size() && !text.starts_with('.')) return std::nullopt;
    if (!text.empty()) text.remove_prefix(1);
  }
  return version;
}

struct Row {
  const char* what;
  std::array<int, 3> mended;  // patches of 3.4, 3.5 and 3.6; 0: has never had it
};

constexpr std::array kRows{
    Row{"the data of members may come apart after a crash", {0, 3, 0}},
    Row{"a leader that was stalled may end or renew leases that are not its own any more; a watch "
        "may miss events after a compaction",
        {31, 13, 0}},
    Row{"a watch may show events twice or older ones again", {25, 8, 0}},
    Row{"a watch that begins at a compacted revision may miss a deletion", {36, 18, 0}},
    Row{"a renewal may succeed although the lease was revoked (coord watches its keys, and is "
        "safe)",
        {38, 23, 5}},
};

constexpr int kOldest = 4;  // of 3.x; the newest that this table knows is 3.6
constexpr int kNewest = 6;

}  // namespace

std::vector<KnownFault> known_faults(const std::string& version) {
  const auto number = parse(version);
  if (!number || number->at(0) != 3) return {};
  const auto [major, minor, patch] = *number;
  if (minor < kOldest) {
    return {{"coord is made for 3.4 and newer", "upgrade the server"}};
  }
  std::vector<KnownFault> faults;
  if (minor > kNewest) return faults;
  for (const Row& row : kRows) {
    const int mended = row.mended.at(static_cast<std::size_t>(minor - kOldest));
    if (patch < mended)
      faults.push_back({row.what, fmt::format("upgrade to 3.{}.{} or newer", minor, mended)});
  }
  if (minor == kOldest) faults.push_back({"3.4 gets no mends any more", "upgrade to 3.5 or 3.6"});
  return faults;
}

}  // namespace coord::commands
