#include "cmd/commands/keys/key_tree.hpp"

#include <algorithm>
#include <string_view>

#include "coord/base/bytes.hpp"

namespace coord::commands {
namespace {

std::string indented(std::size_t depth, std::string_view text) {
  return std::string(2 * depth, ' ') + printable(text);
}

// Cut between characters.
std::string beginning(std::string_view value) {
  constexpr std::size_t kMost = 60;
  const std::string_view line = value.substr(0, value.find('\n'));
  const bool whole = line.size() <= kMost && line.size() + 1 >= value.size();
  std::size_t end = std::min(line.size(), kMost);
  while (end > 0 && end < line.size() && (static_cast<unsigned char>(line[end]) & 0xc0U) == 0x80U)
    --end;
  return printable(line.substr(0, end)) + (whole ? "" : "…");
}

}  // namespace

std::vector<std::string> KeyTree::lines(const etcd::KeyValue& kv, bool with_value) {
  std::vector<std::string> drawn;
  std::string_view rest = kv.key;
  std::size_t depth = 0;
  for (auto end = rest.find('/'); end != std::string_view::npos; end = rest.find('/')) {
    const std::string_view folder = rest.substr(0, end + 1);
    rest.remove_prefix(end + 1);
    if (depth >= folders_.size() || folders_[depth] != folder) {
      folders_.resize(depth);
      folders_.emplace_back(folder);
      drawn.push_back(indented(depth, folder));
    }
    ++depth;
  }
  folders_.resize(depth);
  std::string leaf = indented(depth, rest.empty() ? "(this key itself)" : rest);
  if (with_value) leaf += " = " + beginning(kv.value);
  drawn.push_back(std::move(leaf));
  return drawn;
}

}  // namespace coord::commands
